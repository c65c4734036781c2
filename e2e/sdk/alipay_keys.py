"""Reads the key folder that the sandbox's `DemoKeys::write_to` writes."""

from pathlib import Path


class Keys:
    def __init__(self, folder):
        self.folder = Path(folder)

    def text(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def app_id(self):
        return self.text("alipay_app_id.txt")

    @property
    def seller_id(self):
        return self.text("alipay_seller_id.txt")
