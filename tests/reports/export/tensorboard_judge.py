"""TensorBoard's word on exported event files: its reader and its HParams plugin."""

import io
import json
import logging
import struct
import zlib

from tensorboard import context
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups

from exported import results

STATUS = {
    "done": api_pb2.STATUS_SUCCESS,
    "failed": api_pb2.STATUS_FAILURE,
    "running": api_pb2.STATUS_RUNNING,
}


def load(out):
    multiplexer = plugin_event_multiplexer.EventMultiplexer(
        size_guidance={"tensors": 0}, tensor_size_guidance={"scalars": 0, "images": 0})
    multiplexer.AddRunsFromDirectory(str(out))
    multiplexer.Reload()
    return multiplexer


def judge_scalars(made, provider):
    read = provider.read_scalars(context.RequestContext(), experiment_id="", downsample=10_000,
                                 plugin_name="scalars")
    found = {(run, tag, point.step, point.value, point.wall_time)
             for run, tags in read.items() for tag, points in tags.items() for point in points}
    rows = made.rows("select run_id, name, epoch, value, time_ms from v_curves"
                     " where study = 'sweep' and value is not null and value < 1e38")
    expected = {(run, name, epoch, struct.unpack("f", struct.pack("f", value))[0], ms / 1000)
                for run, name, epoch, value, ms in rows}
    assert found == expected, found ^ expected
    assert any(tag == "=cmd()" for _, tag, *_ in found)


def sessions_of(provider, out):
    handler = list_session_groups.Handler(
        context.RequestContext(),
        backend_context.Context(base_plugin.TBContext(data_provider=provider, logdir=str(out))),
        "",
        api_pb2.ListSessionGroupsRequest(
            allowed_statuses=[*STATUS.values(), api_pb2.STATUS_UNKNOWN], slice_size=1000))
    return handler.run().session_groups


def judge_sessions(made, groups):
    rows = {run: facts for run, *facts in made.rows(
        "select p.run_id, p.configuration, p.state, p.outcome, p.parameters, t.started_ms,"
        " t.ended_ms from v_plan p join v_trials t using (run_id)"
        " where p.study = 'sweep' and t.attempts > 0")}
    assert {session.name for group in groups for session in group.sessions} == rows.keys()
    for group in groups:
        hparams = {name: getattr(value, value.WhichOneof("kind"))
                   for name, value in group.hparams.items()}
        for session in group.sessions:
            number, state, outcome, parameters, started, ended = rows[session.name]
            assert group.name == f"configuration {number}"
            assert hparams == json.loads(parameters)
            failed = outcome == "diverged"
            assert session.status == (api_pb2.STATUS_FAILURE if failed else STATUS[state])
            assert session.start_time_secs == started / 1000
            assert session.end_time_secs == (ended or 0) / 1000
            judge_metrics(made, session)


def judge_metrics(made, session):
    last = dict(made.rows("select name, value from v_metrics m where value < 1e38 and"
                          f" run_id = '{session.name}' and epoch = (select max(epoch) from"
                          " v_metrics l where l.run_id = m.run_id and l.name = m.name)"))
    found = {value.name.tag: value.value for value in session.metric_values}
    assert found.keys() == last.keys()
    assert all(abs(found[name] - last[name]) <= 1e-6 * abs(last[name]) for name in last)


def grey_pixels(png):
    """Rows of a PNG that has no row filters."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 0)
    stream, packed = io.BytesIO(png[8:]), b""
    while header := stream.read(8):
        size, name = struct.unpack(">I4s", header)
        packed += stream.read(size) if name == b"IDAT" else (stream.read(size), b"")[1]
        stream.read(4)
    rows = zlib.decompress(packed)
    return [rows[y * (width + 1) + 1:(y + 1) * (width + 1)] for y in range(height)]


def judge_pictures(made, provider):
    with_crops = {run for (run,) in made.rows(
        "select run_id from v_plan where study = 'sweep' and position in (0, 3)")}
    read = provider.read_blob_sequences(context.RequestContext(), experiment_id="", downsample=10,
                                        plugin_name="images")
    assert read.keys() == with_crops
    for tags in read.values():
        assert len(tags) == 5
        first = next(iter(tags[tag] for tag in sorted(tags)))
        width, height, png = [
            provider.read_blob(context.RequestContext(), blob_key=value.blob_key)
            for value in first[0].values]
        assert (int(width), int(height)) == (16 + 3 * 10, 12)
        row = grey_pixels(png)[0]
        assert list(row[:3]) == [0, 7, 14] and list(row[18:21]) == [0, 5, 10]


def main():
    logging.getLogger("tensorboard").setLevel(logging.ERROR)
    with results() as made:
        out = made.export("tensorboard")
        multiplexer = load(out)
        provider = data_provider.MultiplexerDataProvider(multiplexer, str(out))
        judge_scalars(made, provider)
        judge_sessions(made, sessions_of(provider, out))
        judge_pictures(made, provider)


main()
