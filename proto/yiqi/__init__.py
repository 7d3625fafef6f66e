"""The Yiqi contract: generated code in `yiqi.v1` and a thin client in `yiqi.client`."""
