namespace Podsharp.System.Tests.Life;

/// <summary>Containers live on without their service.</summary>
public sealed class SurvivalTests : ServiceTest
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_container_and_its_log_go_on_without_the_service(bool killed)
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--name", "ticker", Image, "sh", "-c", "i=0; while :; do echo tick $i; i=$((i+1)); sleep 0.05; done");
        var pid = int.Parse(await service.Docker.InspectAsync("ticker", "{{.State.Pid}}"));

        if (killed) await service.KillAsync();
        else await service.StopAsync();
        var atDeath = DateTime.UtcNow;
        await Task.Delay(500);
        var atRestart = DateTime.UtcNow;
        await service.StartAgainAsync();

        Assert.That(await service.Docker.InspectAsync("ticker", "{{.State.Status}} {{.State.Pid}}"), Is.EqualTo($"running {pid}"));
        var times = (await service.Docker.LinesAsync("logs", "-t", "ticker")).Select(line => DateTimeOffset.Parse(line.Split(' ')[0]).UtcDateTime);
        Assert.That(times.Count(time => time > atDeath && time < atRestart), Is.GreaterThan(3));
    }

    [Test]
    public async Task The_end_of_a_container_is_known_later_with_code_and_time()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--name", "short", Image, "sh", "-c", "while [ ! -e /go ]; do sleep 0.02; done; exit 23");
        var pid = int.Parse(await service.Docker.InspectAsync("short", "{{.State.Pid}}"));
        await service.KillAsync();

        await File.WriteAllTextAsync($"/proc/{pid}/root/go", "");
        await Eventually.SettleAsync(() => KernelTraces.IsAlive(pid), alive => !alive);
        var ended = DateTimeOffset.UtcNow;
        // Late enough to tell the time of the end from the time of the discovery.
        await Task.Delay(1500);
        await service.StartAgainAsync();

        Assert.That(await service.Docker.InspectAsync("short", "{{.State.Status}} {{.State.ExitCode}} {{.State.Pid}}"), Is.EqualTo("exited 23 0"));
        var finished = DateTimeOffset.Parse(await service.Docker.InspectAsync("short", "{{.State.FinishedAt}}"));
        Assert.That((finished - ended).Duration().TotalSeconds, Is.LessThan(1.1), "conmon's exit files tell whole seconds");
        await service.Docker.OutputAsync("rm", "short");
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task A_container_to_be_removed_at_its_end_is_removed_by_the_next_service()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--rm", "--name", "gone", Image, "sh", "-c", "while [ ! -e /go ]; do sleep 0.02; done");
        var pid = int.Parse(await service.Docker.InspectAsync("gone", "{{.State.Pid}}"));
        await service.KillAsync();

        await File.WriteAllTextAsync($"/proc/{pid}/root/go", "");
        await Eventually.SettleAsync(() => KernelTraces.IsAlive(pid), alive => !alive);
        await service.StartAgainAsync();

        Assert.That(await Eventually.SettleAsync(() => service.Docker.LinesAsync("ps", "-aq"), ids => ids.Length == 0), Is.Empty);
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task A_survivor_can_be_used_and_removed()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-di", "--name", "survivor", "-p", "127.0.0.1:20200:80", Image, "sh", "-c", "httpd -p 80 -h /www; while read line; do [ $line = quit ] && exit 3; echo got $line; done");
        await service.KillAsync();
        await service.StartAgainAsync();

        Assert.That(await service.Docker.OutputAsync("exec", "survivor", "echo", "alive"), Is.EqualTo("alive"));
        Assert.That(await service.OnHost("curl", "-s", "-m", "2", "http://127.0.0.1:20200/").OutputAsync(), Is.EqualTo("served"));
        var attached = await service.Docker.Command("attach", "survivor").WithInput("word\nquit\n").RunAsync();
        Assert.That(attached, Is.EqualTo(new CommandResult(3, "got word\n", "")));
        await service.Docker.OutputAsync("rm", "-f", "survivor");
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task Removing_by_force_works_for_a_survivor()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--name", "survivor", Image, "sleep", "1000");
        await service.KillAsync();
        await service.StartAgainAsync();

        await service.Docker.OutputAsync("rm", "-f", "survivor");

        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task A_container_whose_monitor_was_killed_can_be_removed()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--name", "orphan", Image, "sleep", "1000");
        var pid = await service.Docker.InspectAsync("orphan", "{{.State.Pid}}");
        var monitor = (await new Command("ps", "-o", "ppid=", "-p", pid).OutputAsync()).Trim();

        await new Command("kill", "-KILL", monitor).OutputAsync();

        await service.Docker.OutputAsync("rm", "-f", "orphan");
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task The_end_of_a_container_whose_monitor_was_killed_is_noticed()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--name", "orphan", Image, "sleep", "1000");
        var pid = await service.Docker.InspectAsync("orphan", "{{.State.Pid}}");
        var monitor = (await new Command("ps", "-o", "ppid=", "-p", pid).OutputAsync()).Trim();
        await new Command("kill", "-KILL", monitor).OutputAsync();

        await new Command("kill", "-KILL", pid).RunAsync();

        var status = await Eventually.SettleAsync(() => service.Docker.InspectAsync("orphan", "{{.State.Status}}"), now => now == "exited");
        Assert.That(status, Is.EqualTo("exited"));
    }

    [Test]
    public async Task Events_are_kept_over_a_restart()
    {
        var service = await StartWithImageAsync();
        var id = await service.Docker.OutputAsync("create", Image, "true");
        await service.KillAsync();

        await service.StartAgainAsync();

        Assert.That(await service.ContainersEverAsync(), Is.EqualTo(new[] { id }));
    }
}
