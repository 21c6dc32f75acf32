using System.IO.Pipelines;
using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Logs;

namespace Podsharp.Drivers.Tests.Logs;

[CancelAfter(30_000)]
public sealed class ContainerLogsTests : LogFixture
{
    [Test]
    public async Task Raw_lines_get_their_newline_back_and_pieces_are_joined()
    {
        Write(Record(1, "stdout", 'P', "one "), Record(2, "stdout", 'F', "line"), Record(3, "stderr", 'F', "bad"), Record(4, "stdout", 'P', "end"));

        Assert.That(await ReadAsync(All), Is.EqualTo("one line\nbad\nend"));
    }

    [Test]
    public async Task Only_the_streams_asked_for_are_given()
    {
        Write(Record(1, "stdout", 'F', "out"), Record(2, "stderr", 'F', "err"));

        Assert.That(await ReadAsync(All with { Stdout = false }), Is.EqualTo("err\n"));
        Assert.That(await ReadAsync(All with { Stderr = false }), Is.EqualTo("out\n"));
    }

    [Test]
    public async Task Each_line_is_one_frame()
    {
        Write(Record(1, "stdout", 'F', "out"), Record(2, "stderr", 'F', "err!"));

        Assert.That(await ReadAsync(All with { Multiplexed = true }), Is.EqualTo("\u0001\0\0\0\0\0\0\u0004out\n\u0002\0\0\0\0\0\0\u0005err!\n"));
    }

    [Test]
    public async Task Timestamps_are_in_utc_and_stand_once_before_a_line()
    {
        Write(
            "2026-11-23T15:57:01.182143711+00:00 stdout P a\n",
            "2026-11-23T15:57:02.182143711+00:00 stdout F b\n",
            "2026-11-23T01:30:02.000000001+02:00 stdout F c\n");

        Assert.That(
            await ReadAsync(All with { Timestamps = true }),
            Is.EqualTo("2026-11-23T15:57:01.182143711Z ab\n2026-11-22T23:30:02.000000001Z c\n"));
    }

    [TestCase(0, "")]
    [TestCase(1, "five\n")]
    [TestCase(2, "three four\nfive\n")]
    [TestCase(3, "two\nthree four\nfive\n")]
    [TestCase(4, "one\ntwo\nthree four\nfive\n")]
    [TestCase(9, "one\ntwo\nthree four\nfive\n")]
    public async Task Tail_counts_whole_lines(int lines, string expected)
    {
        Write(
            Record(1, "stdout", 'F', "one"), Record(2, "stdout", 'F', "two"),
            Record(3, "stdout", 'P', "three "), Record(3, "stdout", 'F', "four"), Record(4, "stdout", 'F', "five"));

        Assert.That(await ReadAsync(All with { Tail = lines }), Is.EqualTo(expected));
    }

    [Test]
    public async Task Tail_reaches_over_many_blocks()
    {
        Write([.. Enumerable.Range(0, 20_000).Select(i => Record(i % 60, "stdout", 'F', $"line {i}"))]);

        var lines = (await ReadAsync(All with { Tail = 15_000 })).Split('\n');

        Assert.That((lines.Length, lines[0], lines[^2]), Is.EqualTo((15_001, "line 5000", "line 19999")));
    }

    [Test]
    public async Task Since_and_until_bound_the_times()
    {
        Write([.. Enumerable.Range(0, 10).Select(i => Record(i, "stdout", 'F', $"{i}"))]);
        var start = new DateTimeOffset(2026, 11, 23, 15, 57, 0, TimeSpan.Zero);

        Assert.That(await ReadAsync(All with { Since = start.AddSeconds(3), Until = start.AddSeconds(5) }), Is.EqualTo("3\n4\n5\n"));
    }

    [Test]
    public async Task A_line_longer_than_any_buffer_comes_whole()
    {
        var text = new string('x', 1_000_000);
        Write(Record(1, "stdout", 'F', text));

        Assert.That(await ReadAsync(All), Is.EqualTo(text + "\n"));
    }

    [Test]
    public async Task A_container_without_a_log_has_said_nothing()
    {
        Assert.That(await ReadAsync(All), Is.Empty);
    }

    [Test]
    public async Task A_follower_gets_what_comes_and_ends_with_the_container()
    {
        Write(Record(1, "stdout", 'F', "before"));
        var ended = new TaskCompletionSource();
        var pipe = new Pipe();
        var copying = _logs.CopyAsync(_container, All with { Follow = true }, pipe.Writer, ended.Task, CancellationToken.None);

        await ExpectAsync(pipe.Reader, "before\n");
        Append(Record(2, "stdout", 'F', "after"));
        await ExpectAsync(pipe.Reader, "after\n");
        Append(Record(3, "stdout", 'F', "last"));
        ended.SetResult();
        await copying;

        await ExpectAsync(pipe.Reader, "last\n");
    }

    [Test]
    public async Task A_follower_goes_over_to_the_file_that_replaces_the_log()
    {
        Write(Record(1, "stdout", 'F', "old"));
        var ended = new TaskCompletionSource();
        var pipe = new Pipe();
        var copying = _logs.CopyAsync(_container, All with { Follow = true }, pipe.Writer, ended.Task, CancellationToken.None);
        await ExpectAsync(pipe.Reader, "old\n");

        var next = _paths.LogFile(_container.Id) + ".tmp";
        File.WriteAllText(next, Record(2, "stdout", 'F', "new"));
        File.Move(next, _paths.LogFile(_container.Id), overwrite: true);
        await ExpectAsync(pipe.Reader, "new\n");
        Append(Record(3, "stdout", 'F', "newer"));
        await ExpectAsync(pipe.Reader, "newer\n");

        ended.SetResult();
        await copying;
    }

    [Test]
    public async Task A_follower_waits_for_the_first_log_file()
    {
        var ended = new TaskCompletionSource();
        var pipe = new Pipe();
        var copying = _logs.CopyAsync(_container, All with { Follow = true }, pipe.Writer, ended.Task, CancellationToken.None);

        Write(Record(1, "stdout", 'F', "first"));
        await ExpectAsync(pipe.Reader, "first\n");

        ended.SetResult();
        await copying;
    }

    [Test]
    public void The_driver_none_cannot_be_read()
    {
        var failure = Assert.Throws<EngineException>(
            () => _ = _logs.CopyAsync(_container with { LogDriver = "none" }, All, new Pipe().Writer, Task.CompletedTask, CancellationToken.None));

        Assert.That((failure!.Kind, failure.Message), Is.EqualTo((ErrorKind.NotSupported, "configured logging driver does not support reading")));
    }

    private static string Record(int second, string stream, char tag, string text) =>
        $"2026-11-23T15:57:{second:D2}.000000000+00:00 {stream} {tag} {text}\n";

    private static async Task ExpectAsync(PipeReader reader, string expected)
    {
        var result = await reader.ReadAtLeastAsync(expected.Length);
        Assert.That(Encoding.UTF8.GetString(result.Buffer), Is.EqualTo(expected));
        reader.AdvanceTo(result.Buffer.End);
    }

    private void Write(params string[] records) => File.WriteAllText(_paths.LogFile(_container.Id), string.Concat(records));

    private void Append(string record) => File.AppendAllText(_paths.LogFile(_container.Id), record);
}
