"""What the EHR did not send: which queries fill the gap, and the plan to ask them."""
