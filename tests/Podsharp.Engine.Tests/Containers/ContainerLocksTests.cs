using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Tests.Containers;

public sealed class ContainerLocksTests
{
    private readonly ContainerLocks _locks = new();

    [Test]
    public async Task Lets_one_in_at_a_time_for_one_container()
    {
        var id = ContainerId.New();
        var first = await _locks.EnterAsync(id, CancellationToken.None);
        var second = _locks.EnterAsync(id, CancellationToken.None).AsTask();
        Assert.That(second.IsCompleted, Is.False);

        first.Dispose();

        (await second.WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }

    [Test]
    public async Task Never_lets_different_containers_wait_for_each_other()
    {
        using var one = await _locks.EnterAsync(ContainerId.New(), CancellationToken.None);

        (await _locks.EnterAsync(ContainerId.New(), CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }

    [Test]
    public async Task Keeps_order_under_many_at_once()
    {
        var id = ContainerId.New();
        var inside = 0;
        var most = 0;
        await Parallel.ForAsync(0, 200, async (_, token) =>
        {
            using var held = await _locks.EnterAsync(id, token);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        });

        Assert.That(most, Is.EqualTo(1));
    }

    [Test]
    public async Task Gives_up_waiting_when_cancelled()
    {
        var id = ContainerId.New();
        using var held = await _locks.EnterAsync(id, CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var waiting = _locks.EnterAsync(id, cancel.Token).AsTask();

        await cancel.CancelAsync();

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }
}
