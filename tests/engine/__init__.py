"""A package, so that its clusters stop when the last of its tests has run (scope "package")."""
