using NUnit.Framework;
using Podsharp.Core.Containers;

namespace Podsharp.Engine.Tests.Health;

public sealed class ContainerHealthTests
{
    private static readonly ProbeResult Good = new(default, default, 0, "");
    private static readonly ProbeResult Bad = new(default, default, 1, "");

    [Test]
    public void Is_healthy_at_the_first_success() =>
        Assert.That(ContainerHealth.Initial.After(Good, 3, forgiving: false).Status, Is.EqualTo(HealthStatus.Healthy));

    [Test]
    public void Is_unhealthy_after_as_many_failures_as_retries()
    {
        var health = ContainerHealth.Initial.After(Bad, 2, forgiving: false);
        Assert.That(health.Status, Is.EqualTo(HealthStatus.Starting));

        Assert.That(health.After(Bad, 2, forgiving: false).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public void Forgives_failures_in_the_start_period() =>
        Assert.That(ContainerHealth.Initial.After(Bad, 1, forgiving: true), Has.Property("FailingStreak").EqualTo(0).And.Property("Status").EqualTo(HealthStatus.Starting));

    [Test]
    public void A_success_ends_the_streak() =>
        Assert.That(ContainerHealth.Initial.After(Bad, 3, forgiving: false).After(Good, 3, forgiving: false).FailingStreak, Is.Zero);

    [Test]
    public void Nobody_takes_what_has_ended_for_healthy_and_its_log_stays_readable()
    {
        var ended = ContainerHealth.Initial.After(Good, 3, forgiving: false).Unasked();

        Assert.That((ended.Status, ended.Log.Count), Is.EqualTo((HealthStatus.Unhealthy, 1)));
        Assert.That((ended.Restarted().Status, ended.Restarted().Log.Count), Is.EqualTo((HealthStatus.Starting, 1)));
    }

    [Test]
    public void Keeps_the_last_five_results()
    {
        var health = ContainerHealth.Initial;
        for (var i = 0; i < 7; i++) health = health.After(Bad with { Output = i.ToString() }, 3, forgiving: false);

        Assert.That(health.Log.Select(entry => entry.Output), Is.EqualTo(new[] { "2", "3", "4", "5", "6" }));
    }
}
