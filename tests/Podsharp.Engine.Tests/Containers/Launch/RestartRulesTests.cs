using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers.Launch;

namespace Podsharp.Engine.Tests.Containers.Launch;

public sealed class RestartRulesTests
{
    [TestCase(RestartKind.No, 1, false)]
    [TestCase(RestartKind.Always, 0, true)]
    [TestCase(RestartKind.UnlessStopped, 0, true)]
    [TestCase(RestartKind.OnFailure, 0, false)]
    [TestCase(RestartKind.OnFailure, 1, true)]
    public void Follows_the_policy(RestartKind kind, int exitCode, bool wants) =>
        Assert.That(RestartRules.Wants(new RestartPolicy(kind), new ContainerState { ExitCode = exitCode }), Is.EqualTo(wants));

    [Test]
    public void Never_starts_again_what_a_person_stopped() =>
        Assert.That(RestartRules.Wants(new RestartPolicy(RestartKind.Always), new ContainerState { StoppedByUser = true }), Is.False);

    [TestCase(RestartKind.No, false, false)]
    [TestCase(RestartKind.Always, true, true)]
    [TestCase(RestartKind.Always, false, true)]
    [TestCase(RestartKind.UnlessStopped, true, false)]
    [TestCase(RestartKind.UnlessStopped, false, true)]
    [TestCase(RestartKind.OnFailure, true, false)]
    [TestCase(RestartKind.OnFailure, false, true)]
    public void At_boot_only_always_starts_what_a_person_stopped(RestartKind kind, bool stoppedByUser, bool wants) => Assert.That(
        RestartRules.WantsAtBoot(
            new RestartPolicy(kind), new ContainerState { Started = DateTimeOffset.UnixEpoch, ExitCode = 255, StoppedByUser = stoppedByUser }),
        Is.EqualTo(wants));

    [Test]
    public void One_that_comes_up_again_has_not_ended_but_waits()
    {
        var ended = new ContainerState { Phase = ContainerPhase.Exited, ExitCode = 3, RestartDelay = TimeSpan.FromMilliseconds(200) };

        var state = RestartRules.AfterRun(new RestartPolicy(RestartKind.Always), ended);

        Assert.That((state.Phase, state.ExitCode, state.RestartDelay), Is.EqualTo((ContainerPhase.Restarting, 3, TimeSpan.FromMilliseconds(400))));
        Assert.That(RestartRules.AfterRun(new RestartPolicy(RestartKind.No), ended), Is.SameAs(ended));
    }

    [Test]
    public void The_restart_is_counted_when_the_wait_for_it_begins()
    {
        var policy = new RestartPolicy(RestartKind.OnFailure, 1);

        var waiting = RestartRules.AfterRun(policy, new ContainerState { Phase = ContainerPhase.Exited, ExitCode = 3 });

        Assert.That(waiting.RestartCount, Is.EqualTo(1));
        Assert.That(RestartRules.WantsStill(policy, waiting), Is.True);
        Assert.That(RestartRules.AfterRun(policy, waiting).RestartCount, Is.EqualTo(1));
    }

    [Test]
    public void One_that_could_not_be_started_waits_however_long_it_ran_before()
    {
        var failed = new ContainerState
        {
            Phase = ContainerPhase.Exited, ExitCode = 127, RestartDelay = TimeSpan.FromSeconds(1), Started = DateTimeOffset.UnixEpoch, Finished = DateTimeOffset.UnixEpoch.AddHours(1),
        };

        Assert.That(RestartRules.AfterFailure(new RestartPolicy(RestartKind.Always), failed).RestartDelay, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void At_boot_what_never_ran_stays_down() =>
        Assert.That(RestartRules.WantsAtBoot(new RestartPolicy(RestartKind.Always), new ContainerState()), Is.False);

    [Test]
    public void Gives_up_after_the_retries_asked_for() =>
        Assert.That(
            RestartRules.Wants(new RestartPolicy(RestartKind.OnFailure, 3), new ContainerState { ExitCode = 1, RestartCount = 3 }), Is.False);

    [Test]
    public void Doubles_the_wait_up_to_a_minute()
    {
        var waits = new List<double>();
        var wait = TimeSpan.Zero;
        for (var i = 0; i < 12; i++) waits.Add((wait = RestartRules.Delay(wait, TimeSpan.Zero)).TotalMilliseconds);

        Assert.That(waits[..4], Is.EqualTo(new double[] { 100, 200, 400, 800 }));
        Assert.That(waits[^1], Is.EqualTo(60_000));
    }

    [Test]
    public void Begins_anew_after_a_run_of_ten_seconds() =>
        Assert.That(RestartRules.Delay(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)), Is.EqualTo(TimeSpan.FromMilliseconds(100)));
}
