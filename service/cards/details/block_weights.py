"""Which blocks of a coverage detail are left out first if it is too long: the lightest."""

HEAD, FIRST, AGAINST, UNREAD, NOT_MET, DOSE, FOUND_WAYS, USUAL, FOOT = (
    *(100, 90, 89, 88, 85, 80, 75, 70),
    100,
)
STATED = 27
ALSO, MISSING, COVERAGES, CHART, NEAR, WAYS, UNUSED, NOTES, MET = 60, 66, 55, 50, 45, 30, 28, 25, 10
