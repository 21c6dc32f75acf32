using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Tests.Containers;

public sealed class ContainerWaitersTests
{
    private readonly ContainerWaiters _waiters = new();
    private readonly ContainerId _id = ContainerId.New();

    [Test]
    public async Task Answers_all_who_wait_for_the_next_exit()
    {
        var first = _waiters.NextExit(_id);
        var second = _waiters.NextExit(_id);

        _waiters.Exited(_id, 7);

        Assert.That(await Task.WhenAll(first, second), Is.EqualTo(new[] { 7, 7 }));
    }

    [Test]
    public void Lets_those_who_come_after_an_exit_wait_for_the_next_one()
    {
        _ = _waiters.NextExit(_id);
        _waiters.Exited(_id, 7);

        Assert.That(_waiters.NextExit(_id).IsCompleted, Is.False);
    }

    [Test]
    public async Task Answers_those_who_wait_for_the_removal_with_the_last_exit_code()
    {
        var removal = _waiters.Removal(_id);
        _waiters.Exited(_id, 3);

        Assert.That(removal.IsCompleted, Is.False);
        _waiters.Removed(_id, 3);

        Assert.That(await removal, Is.EqualTo(3));
    }
}
