"""Signatures of the provider's messages, in the form of Standard Webhooks (version 1). Nobody checks them yet."""
