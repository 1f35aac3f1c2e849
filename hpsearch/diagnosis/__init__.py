"""Diagnosis: what is wrong with a study file, its data, this machine or this storage."""
