"""Obviously invented numbers with true check digits: NHS numbers from the test range, pupil numbers of no authority."""

from datetime import date

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # the check letters of a unique pupil number, in order of remainder
NO_AUTHORITY = "001"  # the census knows it as one that gave pupil numbers out; no authority has it


def nhs_number(serial: int) -> str:
    """Give the NHS number of the 999 test range with this serial (0 to 545454), its last digit the check.

    Serials whose check digit would be ten are stepped over, so each serial gives one valid number.
    """
    for step in range(11):
        nine = f"999{(serial * 11 + step) % 1_000_000:06d}"
        check = (11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            return nine + str(check)
    raise ValueError(f"No NHS number for serial {serial}.")


def pupil_number(serial: int, *, born: date) -> str:
    """Give a unique pupil number of an authority that does not exist, its first letter the check."""
    digits = f"{NO_AUTHORITY}{serial // 1000 % 10000:04d}{(born.year + 4) % 100:02d}{serial % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    return LETTERS[total % 23] + digits
