"""torch: a DataLoader with two workers."""

import torch
from torch.utils.data import DataLoader, Dataset

import probe


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.full((4,), float(index))


if __name__ == "__main__":
    torch.set_num_threads(1)
    for batch in DataLoader(Numbers(), batch_size=8, num_workers=2):
        print(batch.sum().item())
    probe.tell()
