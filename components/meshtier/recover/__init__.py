"""What a killed run leaves that `pulumi cancel` and `pulumi up` don't take up by themselves."""
