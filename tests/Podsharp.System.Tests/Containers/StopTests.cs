using System.Diagnostics;

namespace Podsharp.System.Tests.Containers;

public sealed class StopTests : EngineTest
{
    [Test]
    public async Task Stop_asks_with_SIGTERM_first()
    {
        var container = await RunReadyAsync("trap 'echo asked; exit 9' TERM");

        await Docker.OutputAsync("stop", container);

        Assert.That(await Docker.InspectAsync(container, "{{.State.ExitCode}}"), Is.EqualTo("9"));
        Assert.That(await Docker.OutputAsync("logs", container), Does.Contain("asked"));
    }

    [Test]
    public async Task Stop_kills_when_the_grace_period_is_over()
    {
        var container = await RunReadyAsync("trap '' TERM");
        var clock = Stopwatch.StartNew();

        await Docker.OutputAsync("stop", "-t", "1", container);

        Assert.That(clock.Elapsed.TotalSeconds, Is.InRange(0.9, 8));
        Assert.That(await Docker.InspectAsync(container, "{{.State.Status}} {{.State.ExitCode}}"), Is.EqualTo("exited 137"));
    }

    [Test]
    public async Task Stop_of_a_stopped_container_succeeds()
    {
        var container = await RunIdleAsync();
        await Docker.OutputAsync("stop", container);

        Assert.That((await Docker.RunAsync("stop", container)).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Stop_uses_the_containers_own_signal()
    {
        var container = await RunReadyAsync("trap 'exit 11' USR1", "--stop-signal", "USR1");

        await Docker.OutputAsync("stop", container);

        Assert.That(await Docker.InspectAsync(container, "{{.State.ExitCode}}"), Is.EqualTo("11"));
    }

    [TestCase("KILL")]
    [TestCase("SIGKILL")]
    [TestCase("9")]
    public async Task Kill_takes_signals_by_name_and_number(string signal)
    {
        var container = await RunIdleAsync();

        await Docker.OutputAsync("kill", "-s", signal, container);

        Assert.That(await Docker.OutputAsync("wait", container), Is.EqualTo("137"));
    }

    [Test]
    public async Task Kill_with_a_harmless_signal_leaves_the_container_running()
    {
        var container = await RunReadyAsync("trap 'echo heard' USR1");

        await Docker.OutputAsync("kill", "-s", "USR1", container);

        await using var follow = Docker.Start("logs", "-f", container);
        await follow.ExpectOutputAsync("heard");
        Assert.That(await StatusAsync(container), Is.EqualTo("running"));
    }

    [Test]
    public async Task Kill_of_a_stopped_container_is_refused()
    {
        var container = await RunIdleAsync();
        await Docker.OutputAsync("stop", container);

        var result = await Docker.RunAsync("kill", container);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("is not running"));
    }

    [Test]
    public async Task Restart_gives_a_new_process_and_a_later_start()
    {
        var container = await RunIdleAsync();
        var before = await Docker.InspectAsync(container, "{{.State.Pid}} {{.State.StartedAt}}");

        await Docker.OutputAsync("restart", container);

        var after = await Docker.InspectAsync(container, "{{.State.Pid}} {{.State.StartedAt}}");
        Assert.That(after.Split(' ')[0], Is.Not.EqualTo(before.Split(' ')[0]));
        Assert.That(DateTimeOffset.Parse(after.Split(' ')[1]), Is.GreaterThan(DateTimeOffset.Parse(before.Split(' ')[1])));
        Assert.That(await StatusAsync(container), Is.EqualTo("running"));
    }

    [Test]
    public async Task Restart_keeps_a_container_that_is_removed_at_its_end()
    {
        var container = await RunIdleAsync("--rm");

        await Docker.OutputAsync("restart", "-t", "0", container);
        Assert.That(await StatusAsync(container), Is.EqualTo("running"));

        await Docker.OutputAsync("stop", "-t", "0", container);
        var left = await Eventually.SettleAsync(() => Docker.OutputAsync("ps", "-aq", "--filter", $"name={container}"), static found => found.Length == 0);
        Assert.That(left, Is.Empty);
    }

    [Test]
    public async Task A_started_again_container_keeps_its_files()
    {
        var container = NewName();
        await Docker.OutputAsync("run", "--name", container, Image, "sh", "-c", "cat /kept 2>/dev/null; echo from the first run > /kept");

        var second = await Docker.OutputAsync("start", "-a", container);

        Assert.That(second, Is.EqualTo("from the first run"));
    }

    private async Task<string> RunReadyAsync(string trap, params IReadOnlyList<string> options)
    {
        var container = await RunDetachedAsync([.. options, Image, "sh", "-c", $"{trap}; echo ready; while :; do sleep 0.1; done"]);
        await using var follow = Docker.Start("logs", "-f", container);
        await follow.ExpectOutputAsync("ready");
        return container;
    }
}
