using System.IO.Pipelines;
using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Drivers.Logs;

namespace Podsharp.Drivers.Tests.Logs;

[CancelAfter(60_000)]
public sealed class JournalLogTests : LogFixture
{
    private PrivateJournal _journal = null!;

    [OneTimeSetUp]
    public void NeedJournald()
    {
        if (!File.Exists(PrivateJournal.Program)) Assert.Ignore($"{PrivateJournal.Program} is not installed");
        if (!Environment.IsPrivilegedProcess) Assert.Ignore("only root may ask journald to be up to date");
    }

    [SetUp]
    public void StartJournal()
    {
        _journal = new PrivateJournal(_paths.Root);
        UseJournal(new JournalPlace { Files = _journal.Files, Sockets = _journal.Sockets });
    }

    [TearDown]
    public void StopJournal() => _journal.Dispose();

    [Test]
    public async Task Lines_come_from_their_streams_and_pieces_are_joined()
    {
        Say("other", "nobody asked", container: new string('f', 64));
        Say("out", "one ", partial: true);
        Say("out", "line");
        Say("err", "bad");
        Say("out", "");

        Assert.That(await ReadAsync(All), Is.EqualTo("one line\nbad\n\n"));
        Assert.That(await ReadAsync(All with { Stderr = false, Multiplexed = true }), Is.EqualTo("\u0001\0\0\0\0\0\0\u0004one \u0001\0\0\0\0\0\0\u0005line\n\u0001\0\0\0\0\0\0\u0001\n"));
    }

    [Test]
    public async Task Tail_counts_whole_lines_and_since_and_until_bound_the_times()
    {
        Say("out", "one");
        Say("out", "two ", partial: true);
        Say("out", "halves");
        Say("err", "three");

        Assert.That(await ReadAsync(All with { Tail = 0 }), Is.Empty);
        Assert.That(await ReadAsync(All with { Tail = 2 }), Is.EqualTo("two halves\nthree\n"));
        Assert.That(await ReadAsync(All with { Tail = 9 }), Is.EqualTo("one\ntwo halves\nthree\n"));
        var times = (await ReadAsync(All with { Timestamps = true })).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => DateTimeOffset.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.That(times, Has.Length.EqualTo(3).And.Ordered);
        Assert.That(await ReadAsync(All with { Since = times[2] }), Is.EqualTo("three\n"));
        Assert.That(await ReadAsync(All with { Until = times[0] }), Is.EqualTo("one\n"));
    }

    [Test]
    public async Task A_follower_gets_what_comes_and_ends_with_the_container()
    {
        var ended = new TaskCompletionSource();
        var pipe = new Pipe();
        var copying = _logs.CopyAsync(_container, All with { Follow = true }, pipe.Writer, ended.Task, CancellationToken.None);

        Say("out", "before");
        await ExpectAsync(pipe.Reader, "before\n");
        Say("out", "after");
        await ExpectAsync(pipe.Reader, "after\n");
        Say("out", "last");
        ended.SetResult();
        await copying;

        await ExpectAsync(pipe.Reader, "last\n");
    }

    [Test]
    public async Task A_follower_that_leaves_ends_the_reading()
    {
        using var gone = new CancellationTokenSource();
        var pipe = new Pipe();
        var copying = _logs.CopyAsync(_container, All with { Follow = true }, pipe.Writer, new TaskCompletionSource().Task, gone.Token);
        Say("out", "first");
        await ExpectAsync(pipe.Reader, "first\n");

        await gone.CancelAsync();

        Assert.That(async () => await copying, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Without_journald_there_is_nothing_to_read()
    {
        UseJournal(new JournalPlace { Files = _journal.Files, Sockets = _paths.Root });

        var failure = Assert.Throws<EngineException>(() => _logs.CheckReadable(_container));

        Assert.That((failure!.Kind, failure.Message), Is.EqualTo((ErrorKind.Internal, "journald is not enabled on this host")));
    }

    private void UseJournal(JournalPlace place)
    {
        _container = _container with { LogDriver = "journald" };
        _logs.Dispose();
        _logs = new ContainerLogs(_paths, place);
    }

    // As conmon does.
    private void Say(string stream, string text, bool partial = false, string? container = null) => _journal.Send(
        [
            ("MESSAGE", partial ? text : text + "\n"),
            ("CONTAINER_ID_FULL", container ?? _container.Id.ToString()),
            ("PRIORITY", stream == "err" ? "3" : "6"),
            .. partial ? [("CONTAINER_PARTIAL_MESSAGE", "true")] : Array.Empty<(string, string)>(),
        ]);

    private static async Task ExpectAsync(PipeReader reader, string expected)
    {
        var result = await reader.ReadAtLeastAsync(expected.Length);
        Assert.That(Encoding.UTF8.GetString(result.Buffer), Is.EqualTo(expected));
        reader.AdvanceTo(result.Buffer.End);
    }
}
