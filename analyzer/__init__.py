"""assay: policy-as-code compliance and cost analysis for AWS."""

__version__ = "0.1.0"
