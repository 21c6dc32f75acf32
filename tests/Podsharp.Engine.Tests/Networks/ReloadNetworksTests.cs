using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReloadNetworksTests
{
    private readonly NetworkRoom _room = new();

    [Test]
    public async Task Every_running_container_on_a_network_gets_its_rules_back()
    {
        await StartAsync("c1");
        await StartAsync("c2");
        _room.Container("stopped");

        var outcome = await _room.Reload.RunAsync(CancellationToken.None);

        Assert.That(_room.Driver.Calls, Is.EquivalentTo(new[] { "restore c1", "restore c2" }));
        Assert.That(outcome, Is.EquivalentTo(new[] { new ReloadedContainer("c1", null), new ReloadedContainer("c2", null) }));
    }

    [Test]
    public async Task What_fails_is_told_for_each()
    {
        await StartAsync("c1");
        await StartAsync("c2");
        _room.Driver.Failure = EngineException.Internal("no table");

        var outcome = await _room.Reload.RunAsync(CancellationToken.None);

        Assert.That(outcome.Select(container => container.Fault), Is.EqualTo(new[] { "no table", "no table" }));
    }

    private async Task StartAsync(string name)
    {
        var container = _room.Container(name, new NetworkSpec());
        _room.Running(container, await _room.PlanAsync(container));
    }
}
