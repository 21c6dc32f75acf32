using System.IO.Pipelines;
using System.Text;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Events;
using Podsharp.Engine.Execs;
using Podsharp.Engine.System;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Execs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StartExecTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly FakeContainerRuntime _runtime = new();
    private readonly FakeClock _clock = new(Samples.Time);
    private ExecSessions _sessions = null!;
    private StartExec _start = null!;
    private string _session = null!;

    [SetUp]
    public void Make()
    {
        _sessions = new ExecSessions(_containers, _clock);
        var options = new EngineOptions();
        var completion = new ExecCompletion(_sessions, new PendingDuties(), new EventPublisher(new FakeEventLog(_clock), _clock));
        var builder = new ExecProcessBuilder(new FakeRootedFiles(), new FakeHost(), options);
        _start = new StartExec(new ContainerLookup(_containers), _sessions, builder, _runtime, completion, options);
        var container = Samples.Container("c", Samples.Image("image"), ContainerPhase.Running);
        _containers.Put(container);
        _session = _sessions.Add(new CreateExecRequest("c", ["echo"], [], "", "", false, true, false, true, true, null, default), container.Id).Id.ToString();
    }

    [Test]
    public async Task The_process_starts_only_when_the_stream_runs()
    {
        _runtime.Execs.Enqueue(new FakeExecProcess("said", 0));

        await using var stream = await _start.RunAsync(new StartExecRequest(_session, Detach: false, Raw: true, default), CancellationToken.None);

        Assert.That(_runtime.Execs, Has.Count.EqualTo(1));
        Assert.That(await ReadAsync(stream!), Is.EqualTo("said"));
        Assert.That(_runtime.Execs, Is.Empty);
    }

    [Test]
    public async Task A_start_that_wants_frames_gets_them_even_of_a_terminal()
    {
        _runtime.Execs.Enqueue(new FakeExecProcess("said", 0));

        await using var stream = await _start.RunAsync(new StartExecRequest(_session, Detach: false, Raw: false, default), CancellationToken.None);

        Assert.That(stream!.Raw, Is.False);
        Assert.That(await ReadAsync(stream), Is.EqualTo("\u0001\0\0\0\0\0\0\u0004said"));
    }

    [TestCase(null, "is already running")]
    [TestCase(0, "has already run")]
    public async Task A_second_start_is_told_whether_the_first_still_runs(int? exitCode, string words)
    {
        _runtime.Execs.Enqueue(new FakeExecProcess("", exitCode));
        await _start.RunAsync(new StartExecRequest(_session, Detach: true, Raw: true, default), CancellationToken.None);
        if (exitCode is not null) Assert.That(() => _sessions.Find(_session).ExitCode, Is.EqualTo(exitCode).After(5000, 5));

        Assert.That(
            () => _start.RunAsync(new StartExecRequest(_session, Detach: true, Raw: true, default), CancellationToken.None),
            Throws.TypeOf<EngineException>().With.Message.EqualTo($"Error: Exec command {_session} {words}"));
    }

    [Test]
    public async Task A_resize_waits_for_a_process_whose_stream_was_agreed_on()
    {
        _runtime.Execs.Enqueue(new FakeExecProcess("", null));
        await using var stream = await _start.RunAsync(new StartExecRequest(_session, Detach: false, Raw: true, default), CancellationToken.None);

        var resize = new ResizeExec(_sessions, new ContainerLookup(_containers)).RunAsync(new ResizeExecRequest(_session, new TerminalSize(20, 70)), CancellationToken.None);

        Assert.That(resize.IsCompleted, Is.False);
        using var leaves = new CancellationTokenSource();
        var run = stream!.RunAsync(PipeReader.Create(Stream.Null), PipeWriter.Create(Stream.Null), leaves.Token);
        await resize.WaitAsync(TimeSpan.FromSeconds(10));
        await leaves.CancelAsync();
        Assert.That(() => run, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<string> ReadAsync(Podsharp.Engine.Streams.IStreamSession stream)
    {
        using var written = new MemoryStream();
        await stream.RunAsync(PipeReader.Create(Stream.Null), PipeWriter.Create(written, new StreamPipeWriterOptions(leaveOpen: true)), CancellationToken.None);
        return Encoding.UTF8.GetString(written.ToArray());
    }
}
