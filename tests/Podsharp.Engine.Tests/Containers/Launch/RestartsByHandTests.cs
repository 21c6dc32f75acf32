using Podsharp.Core.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Launch;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RestartsByHandTests
{
    private readonly RestartsByHand _restarts = new();
    private readonly Container _container = Samples.Container("c", Samples.Image("i"), ContainerPhase.Running);

    [Test]
    public void A_run_is_followed_by_another_until_the_last_who_asked_has_done()
    {
        var first = _restarts.Begin(_container);
        var second = _restarts.Begin(_container);

        first.Dispose();
        first.Dispose();
        Assert.That(_restarts.Contains(_container), Is.True);
        second.Dispose();
        Assert.That(_restarts.Contains(_container), Is.False);
    }

    [Test]
    public void The_run_that_a_restart_began_may_end_for_good()
    {
        using var restart = _restarts.Begin(_container);

        Assert.That(_restarts.Contains(_container with { State = _container.State with { Generation = _container.State.Generation + 1 } }), Is.False);
    }
}
