"""Documents with text in them: PDF, docx, RTF, EPUB, mail; and the exports of newspaper databases that come in them."""
