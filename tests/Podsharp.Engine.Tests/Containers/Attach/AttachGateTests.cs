using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers.Attach;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Attach;

public sealed class AttachGateTests
{
    private static readonly Container Waiting = Samples.Container("waiting", Samples.Image("image"));

    [Test]
    public void Who_leaves_before_the_start_ends_at_once()
    {
        using var client = new CancellationTokenSource();
        var stdio = new AttachGate(new FakeContainerRuntime()).WaitForStart(Waiting.Id, client.Token);

        client.Cancel();

        Assert.That(async () => await stdio.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Who_has_left_is_not_connected()
    {
        var gate = new AttachGate(new FakeContainerRuntime());
        using var client = new CancellationTokenSource();
        var left = gate.WaitForStart(Waiting.Id, client.Token);
        await client.CancelAsync();

        // The fake can connect nobody.
        await gate.ConnectAsync(Waiting, CancellationToken.None);

        Assert.That(left.IsCanceled, Is.True);
    }

    [Test]
    public void Those_who_wait_learn_why_there_is_no_start()
    {
        var gate = new AttachGate(new FakeContainerRuntime());
        var stdio = gate.WaitForStart(Waiting.Id, CancellationToken.None);

        gate.Fail(Waiting.Id, new IOException("no start"));

        Assert.That(async () => await stdio.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<IOException>());
    }
}
