"""What a killed run leaves in a cloud, which `pulumi cancel` and `pulumi up` don't take up."""
