namespace Podsharp.System.Tests.Containers;

public sealed class LifecycleTests : EngineTest
{
    [Test]
    public async Task A_created_container_does_not_run_yet()
    {
        var container = NewName();

        await Docker.OutputAsync("create", "--name", container, Image, "true");

        Assert.That(await Docker.InspectAsync(container, "{{.State.Status}} {{.State.Running}} {{.State.Pid}}"), Is.EqualTo("created false 0"));
    }

    [Test]
    public async Task Pause_freezes_and_unpause_thaws()
    {
        var container = await RunDetachedAsync(Image, "sh", "-c", "while :; do date +%N >/beat; sleep 0.02; done");
        await Docker.OutputAsync("pause", container);
        Assert.That(await Docker.InspectAsync(container, "{{.State.Status}} {{.State.Paused}}"), Is.EqualTo("paused true"));

        await Docker.OutputAsync("unpause", container);

        Assert.That(await StatusAsync(container), Is.EqualTo("running"));
        Assert.That(await Docker.OutputAsync("exec", container, "echo", "thawed"), Is.EqualTo("thawed"));
    }

    [Test]
    public async Task Exec_in_a_paused_container_is_refused()
    {
        var container = await RunIdleAsync();
        await Docker.OutputAsync("pause", container);

        var result = await Docker.RunAsync("exec", container, "true");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("is paused"));
        await Docker.OutputAsync("unpause", container);
    }

    [Test]
    public async Task A_paused_container_can_be_removed_by_force()
    {
        var container = await RunIdleAsync();
        await Docker.OutputAsync("pause", container);

        await Docker.OutputAsync("rm", "-f", container);

        Assert.That(await Docker.OutputAsync("ps", "-aq", "--filter", $"name={container}"), Is.Empty);
    }

    [Test]
    public async Task Rename_frees_the_old_name()
    {
        var (old, renamed) = (NewName("old"), NewName("new"));
        var id = await Docker.OutputAsync("create", "--name", old, Image, "true");

        await Docker.OutputAsync("rename", old, renamed);

        Assert.That(await Docker.InspectAsync(renamed, "{{.Id}} {{.Name}}"), Is.EqualTo($"{id} /{renamed}"));
        Assert.That((await Docker.RunAsync("container", "inspect", old)).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Rename_to_a_name_in_use_is_refused()
    {
        var (first, second) = (NewName(), NewName());
        await Docker.OutputAsync("create", "--name", first, Image, "true");
        await Docker.OutputAsync("create", "--name", second, Image, "true");

        var result = await Docker.RunAsync("rename", first, second);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("is already in use"));
    }

    [Test]
    public async Task Remove_refuses_a_running_container()
    {
        var container = await RunIdleAsync();

        var result = await Docker.RunAsync("rm", container);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(await StatusAsync(container), Is.EqualTo("running"));
    }

    [Test]
    public async Task Remove_by_force_ends_a_running_container()
    {
        var container = await RunIdleAsync();
        var pid = int.Parse(await Docker.InspectAsync(container, "{{.State.Pid}}"));

        await Docker.OutputAsync("rm", "-f", container);

        Assert.That(KernelTraces.IsAlive(pid), Is.False);
        Assert.That((await Docker.RunAsync("container", "inspect", container)).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Remove_by_force_of_an_unknown_container_says_so_and_succeeds()
    {
        var result = await Docker.RunAsync("rm", "-f", "no-such-container");

        Assert.That(result.Error, Does.Contain("No such container: no-such-container"));
        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Remove_with_v_takes_the_anonymous_volumes_along()
    {
        var container = await RunIdleAsync("-v", "/anonymous");
        var volume = await Docker.InspectAsync(container, "{{(index .Mounts 0).Name}}");

        await Docker.OutputAsync("rm", "-f", "-v", container);

        Assert.That((await Docker.RunAsync("volume", "inspect", volume)).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Prune_removes_what_does_not_run()
    {
        var (running, created) = (await RunIdleAsync("--label", "prune=a"), NewName());
        var id = await Docker.OutputAsync("create", "--label", "prune=a", "--name", created, Image, "true");

        var output = await Docker.OutputAsync("container", "prune", "-f", "--filter", "label=prune=a");

        Assert.That(output, Does.Contain(id));
        Assert.That(await StatusAsync(running), Is.EqualTo("running"));
        Assert.That((await Docker.RunAsync("container", "inspect", created)).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Top_shows_the_processes_of_the_container()
    {
        var container = await RunDetachedAsync(Image, "sleep", "1234");

        // While a program begins it has a name and no arguments yet.
        var lines = await Eventually.SettleAsync(() => Docker.LinesAsync("top", container), static lines => !lines.Last().EndsWith(']'));

        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.StartWith("UID").And.Contain("CMD"));
        Assert.That(lines[1], Does.Contain("sleep 1234").And.Contain(await Docker.InspectAsync(container, "{{.State.Pid}}")));
    }

    [Test]
    public async Task Top_takes_the_options_of_ps()
    {
        var container = await RunDetachedAsync(Image, "sleep", "1234");

        var lines = await Docker.LinesAsync("top", container, "-o", "pid,comm");

        Assert.That(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[] { "PID", "COMMAND" }));
        Assert.That(lines[1], Does.Contain("sleep").Or.Contain("busybox"));
    }

    [Test]
    public async Task Times_of_an_ended_container_are_in_order()
    {
        var container = NewName();
        await Docker.OutputAsync("run", "--name", container, Image, "sleep", "0.2");

        var times = (await Docker.InspectAsync(container, "{{.Created}} {{.State.StartedAt}} {{.State.FinishedAt}}")).Split(' ').Select(DateTimeOffset.Parse).ToArray();

        Assert.That(times, Is.Ordered);
        Assert.That((times[2] - times[1]).TotalSeconds, Is.InRange(0.15, 5));
    }
}
