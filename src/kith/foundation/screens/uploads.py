"""How much may be sent at once: more is refused before any of it is read, whoever sends it and to whichever page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Limited(FileUploadHandler):
    """Refuses a request whose files are more than the settings allow; otherwise leaves it to the handlers after it."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - the name Django gives it
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Look at the length that the browser gives; a body longer than that is cut off there by the server."""
        if content_length > settings.UPLOAD_LIMIT:
            raise RequestDataTooBig("More was sent at once than UPLOAD_LIMIT allows.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass it on."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing was kept here."""
