namespace Podsharp.System.Tests.Life;

public sealed class RestartPolicyTests : ServiceTest
{
    [Test]
    public async Task After_a_reboot_policies_decide_what_runs()
    {
        var service = await StartWithImageAsync();
        foreach (var (name, policy, stop) in (IEnumerable<(string, string, bool)>)
            [("always-up", "always", false), ("always-stopped", "always", true), ("unless-up", "unless-stopped", false),
                ("unless-stopped", "unless-stopped", true), ("failure-up", "on-failure", false), ("no-up", "no", false)])
        {
            await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", name, "--restart", policy, Image, "sleep", "1000");
            if (stop) await service.Docker.OutputAsync("stop", "-t", "0", name);
        }

        await service.Docker.OutputAsync("create", "--name", "never-started", "--restart", "always", Image, "sleep", "1000");
        await service.Docker.OutputAsync("run", "-d", "--rm", "--network", "none", "--name", "to-be-removed", Image, "sleep", "1000");
        await service.LosePowerAsync();
        await service.StartAgainAsync();

        var up = await Eventually.SettleAsync(() => NamesAsync(service, "ps"), names => names.Length == 4 && !names.Contains("to-be-removed"));
        Assert.That(up, Is.EquivalentTo(new[] { "always-up", "always-stopped", "unless-up", "failure-up" }));
        Assert.That(await Eventually.SettleAsync(() => NamesAsync(service, "ps", "-a"), all => all.Length == 7), Has.Length.EqualTo(7).And.No.Member("to-be-removed"));

        // Only the machine's start overrides a person.
        await service.Docker.OutputAsync("stop", "-t", "0", "always-stopped");
        await service.KillAsync();
        await service.StartAgainAsync();
        await Task.Delay(500);
        Assert.That(await service.Docker.InspectAsync("always-stopped", "{{.State.Status}}"), Is.EqualTo("exited"));
    }

    [Test]
    public async Task Gives_up_after_the_retries_asked_for()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", "failing", "--restart", "on-failure:2", Image, "sh", "-c", "exit 3");

        var state = await Eventually.SettleAsync(
            () => service.Docker.InspectAsync("failing", "{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}"), state => state.StartsWith("exited 2", StringComparison.Ordinal));

        Assert.That(state, Is.EqualTo("exited 2 3"));
    }

    [TestCase("stop", "-t", "0")]
    [TestCase("kill")]
    public async Task A_stop_at_any_moment_of_a_crash_loop_keeps_the_container_down(params string[] stop)
    {
        var service = await StartWithImageAsync();
        string[] names = [.. Enumerable.Range(0, 8).Select(number => $"crashing-{number}")];
        foreach (var name in names)
            await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", name, "--restart", "always", Image, "sh", "-c", "sleep 0.03; exit 3");

        // Each dies and comes up some milliseconds after the one before: the stops meet them at all stages.
        foreach (var name in names) await service.Docker.OutputAsync([.. stop, name]);
        await Task.Delay(1000);

        foreach (var name in names) Assert.That(await service.Docker.InspectAsync(name, "{{.State.Status}} {{.State.Restarting}}"), Is.EqualTo("exited false"), name);
    }

    [Test]
    public async Task One_that_is_to_come_up_again_is_never_shown_as_ended()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", "looping", "--restart", "always", Image, "true");

        var seen = new HashSet<string>();
        while (await CountAsync(service) < 4) seen.Add(await service.Docker.InspectAsync("looping", "{{.State.Status}}"));

        Assert.That(seen, Is.SubsetOf(new[] { "running", "restarting" }));
        await service.Docker.OutputAsync("rm", "-f", "looping");
    }

    [Test]
    public async Task A_killed_service_goes_on_restarting_at_the_same_pace()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", "looping", "--restart", "always", Image, "true");
        await Eventually.SettleAsync(() => CountAsync(service), count => count >= 3);
        await service.KillAsync();
        await service.StartAgainAsync();
        var before = await CountAsync(service);

        await Task.Delay(1000);
        // After three restarts the next waits are 0.8 s, 1.6 s …: begun anew there would be three in this second.
        Assert.That(await CountAsync(service) - before, Is.LessThanOrEqualTo(2));
        Assert.That(await Eventually.SettleAsync(() => CountAsync(service), count => count > before), Is.GreaterThan(before));
        await service.Docker.OutputAsync("rm", "-f", "looping");
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task A_container_that_ends_while_no_service_runs_is_started_again_by_the_one_that_is_woken()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", "woken", "--restart", "always", Image, "sh", "-c", "while [ ! -e /go ]; do sleep 0.02; done; rm /go; exit 1");
        var pid = int.Parse(await service.Docker.InspectAsync("woken", "{{.State.Pid}}"));
        await service.StopAsync();

        await File.WriteAllTextAsync($"/proc/{pid}/root/go", "");
        await service.PingAsync();

        var state = await Eventually.SettleAsync(() => service.Docker.InspectAsync("woken", "{{.State.Status}} {{.RestartCount}}"), state => state == "running 1");
        Assert.That(state, Is.EqualTo("running 1"));
        await service.Docker.OutputAsync("rm", "-f", "woken");
    }

    [Test]
    public async Task Health_is_known_to_the_next_service_which_goes_on_probing()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--network", "none", "--name", "checked", "--health-cmd", "test ! -e /bad", "--health-interval", "200ms", "--health-retries", "1", Image, "sleep", "1000");
        await Eventually.SettleAsync(() => HealthAsync(service), health => health == "healthy");
        await service.KillAsync();
        await service.StartAgainAsync();

        Assert.That(await HealthAsync(service), Is.EqualTo("healthy"));
        await service.Docker.OutputAsync("exec", "checked", "touch", "/bad");
        Assert.That(await Eventually.SettleAsync(() => HealthAsync(service), health => health == "unhealthy"), Is.EqualTo("unhealthy"));
        await service.Docker.OutputAsync("rm", "-f", "checked");
        await AssertNothingIsLeftAsync(service);
    }

    private static Task<string[]> NamesAsync(PodsharpService service, params IReadOnlyList<string> list) =>
        service.Docker.LinesAsync([.. list, "--format", "{{.Names}}"]);

    private static async Task<int> CountAsync(PodsharpService service) => int.Parse(await service.Docker.InspectAsync("looping", "{{.RestartCount}}"));

    private static Task<string> HealthAsync(PodsharpService service) => service.Docker.InspectAsync("checked", "{{.State.Health.Status}}");
}
