using System.IO.Pipelines;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Core.Logs;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Attach;
using Podsharp.Engine.Events;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Attach;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AttachContainerTests
{
    private readonly FakeContainerStore _containers = new();

    [TestCase(false, false)]
    [TestCase(true, false)]
    public async Task A_client_without_a_stream_to_follow_ends_at_once(bool stdin, bool openStdin)
    {
        var run = await RunAsync(stdin, stdout: false, openStdin);

        await run.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [TestCase(true, false, true)]
    [TestCase(false, true, false)]
    public async Task A_client_with_one_waits_for_the_start(bool stdin, bool stdout, bool openStdin)
    {
        using var leaves = new CancellationTokenSource();
        var run = await RunAsync(stdin, stdout, openStdin, leaves.Token);

        Assert.That(run.IsCompleted, Is.False);
        await leaves.CancelAsync();
        Assert.That(() => run, Throws.InstanceOf<OperationCanceledException>());
    }

    private async Task<Task> RunAsync(bool stdin, bool stdout, bool openStdin, CancellationToken cancellationToken = default)
    {
        var container = Samples.Container("c", Samples.Image("image"));
        _containers.Put(container with { Spec = container.Spec with { Process = new ProcessSpec { OpenStdin = openStdin } } });
        var clock = new FakeClock(Samples.Time);
        var runtime = new FakeContainerRuntime();
        var attach = new AttachContainer(
            new ContainerLookup(_containers), runtime, new AttachGate(runtime), new NoLogs(), new EventPublisher(new FakeEventLog(clock), clock), new EngineOptions());
        var session = await attach.RunAsync(
            new AttachContainerRequest("c", stdin, stdout, Stderr: false, Logs: false, Stream: true, DetachKeys: null), cancellationToken);
        return session.RunAsync(PipeReader.Create(Stream.Null), PipeWriter.Create(Stream.Null), cancellationToken);
    }

    private sealed class NoLogs : IContainerLogs
    {
        public void CheckReadable(Container container)
        {
        }

        public Task CopyAsync(Container container, LogQuery query, PipeWriter output, Task ended, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Keep(Container container, int files, bool compress) => throw new NotSupportedException();

        public void Release(ContainerId id) => throw new NotSupportedException();
    }
}
