"""Where pull requests are discussed: GitHub and GitLab, over their own APIs."""
