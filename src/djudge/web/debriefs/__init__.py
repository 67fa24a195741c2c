"""What people said of a candidate beside what was measured: plans of interviews, debriefs, said and did."""
