namespace Podsharp.System.Tests.Compose;

/// <summary>Compose's verbs on one small stack.</summary>
public sealed class VerbTests(ComposeGeneration generation) : ComposeTest(generation)
{
    private const string File = $$"""
        services:
          a: { {{Idle}} }
          b: { {{Idle}} }
        """;

    [Test]
    public async Task A_service_is_scaled_to_ten_and_back()
    {
        var stack = await UpAsync("scale", File);
        var first = await stack.ContainersAsync("a");

        await stack.OutputAsync("up", "-d", "--scale", "a=10");
        var addresses = (await stack.SayAsync("b", "nslookup a | grep -c '^Address: *10\\.' || true")).Trim();
        Assert.That(await stack.ContainersAsync("a", running: true), Has.Length.EqualTo(10));
        Assert.That(addresses, Is.EqualTo("10"));

        await stack.OutputAsync("up", "-d", "--scale", "a=1");
        Assert.That(await stack.ContainersAsync("a"), Is.EqualTo(first));
    }

    [Test]
    public async Task Exec_answers_with_output_and_exit_code()
    {
        var stack = await UpAsync("exec", File);

        var result = await stack.RunAsync("exec", "-T", "-e", "WORD=hello", "a", "sh", "-c", "echo $WORD; echo aside >&2; exit 7");

        Assert.That(result, Is.EqualTo(new CommandResult(7, "hello\n", result.Error)));
        Assert.That(result.Error, Does.Contain("aside"));
    }

    [Test]
    public async Task A_one_off_container_reaches_the_others_and_is_removed()
    {
        var stack = await UpAsync("run", File);

        var result = await stack.RunAsync("run", "--rm", "-T", "b", "sh", "-c", "nslookup a >/dev/null && echo reached; exit 5");

        Assert.That(result.ExitCode, Is.EqualTo(5), result.Both);
        Assert.That(result.Output, Is.EqualTo("reached\n"));
        Assert.That(await stack.ContainersAsync(), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Stop_start_restart_and_kill_keep_the_containers()
    {
        var stack = await UpAsync("life", File);
        var before = await stack.ContainersAsync();

        await stack.OutputAsync("stop");
        Assert.That(await stack.ContainersAsync(running: true), Is.Empty);
        await stack.OutputAsync("start");
        var started = await stack.InspectAsync("a", "{{.State.Pid}}");
        await stack.OutputAsync("restart", "-t", "1", "a");
        Assert.That(await stack.InspectAsync("a", "{{.State.Status}} {{.State.Pid}}"), Does.StartWith("running ").And.Not.EndWith($" {started}"));
        await stack.OutputAsync("kill", "-s", "KILL", "b");

        var status = await Eventually.SettleAsync(() => stack.InspectAsync("b", "{{.State.Status}} {{.State.ExitCode}}"), now => now.StartsWith("exited", StringComparison.Ordinal));
        Assert.That(status, Is.EqualTo("exited 137"));
        Assert.That(await stack.ContainersAsync(), Is.EquivalentTo(before));
    }

    [Test]
    public async Task Pause_and_unpause_are_seen_by_ps()
    {
        var stack = await UpAsync("pause", File);

        await stack.OutputAsync("pause", "a");
        Assert.That((await stack.OutputAsync("ps")).Split('\n').Single(line => line.Contains("a_1") || line.Contains("a-1")), Does.Contain("Paused"));
        await stack.OutputAsync("unpause", "a");

        Assert.That(await stack.InspectAsync("a", "{{.State.Status}}"), Is.EqualTo("running"));
    }

    [Test]
    public async Task Top_tells_the_processes() =>
        Assert.That(await (await UpAsync("top", File)).OutputAsync("top", "a"), Does.Contain("sleep 1000"));

    [Test]
    public async Task Rm_removes_what_is_stopped_and_leaves_the_rest()
    {
        var stack = await UpAsync("rm", File);
        await stack.OutputAsync("stop", "a");

        await stack.OutputAsync("rm", "-f");

        Assert.That(await stack.ContainersAsync("a"), Is.Empty);
        Assert.That(await stack.ContainersAsync("b", running: true), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Events_tell_of_the_project_alone()
    {
        var (stack, other) = (await UpAsync("events", File), await UpAsync("other", File));
        await using var events = stack.Command("events", "--json").Start();
        // It says nothing before the first event, and may come in the middle of a restart: as long as not all of one is there, there is another.
        var seen = await Eventually.SettleAsync(
            async () =>
            {
                await Docker.OutputAsync(["restart", "-t", "0", .. await other.ContainersAsync("a"), .. await stack.ContainersAsync("a")]);
                return events.Output;
            },
            output => output.Contains("\"die\"") && output.Contains("\"start\""));

        Assert.That(seen, Does.Contain("\"die\"").And.Contain((await stack.ContainersAsync("a"))[0]).And.Not.Contain((await other.ContainersAsync("a"))[0]));
        events.Kill();
    }

    [Test]
    public async Task Logs_are_followed_until_all_have_ended()
    {
        var stack = await NewAsync("follow", $$"""
            services:
              talker: { image: {{Image}}, command: [sh, -c, "for i in 1 2 3; do echo word $$i; sleep 0.2; done"] }
            """);
        await stack.OutputAsync("up", "-d");

        var logs = await stack.OutputAsync("logs", "-f", "--no-color");

        Assert.That(logs.Split('\n').Select(line => line.Split("| ")[^1]).Where(line => line.StartsWith("word", StringComparison.Ordinal)), Is.EqualTo(new[] { "word 1", "word 2", "word 3" }));
    }

    [Test]
    public async Task In_the_foreground_up_shows_the_output_and_ends_with_the_code_of_the_chosen_service()
    {
        var stack = await NewAsync("front", $$"""
            services:
              server: { {{Idle}} }
              test: { image: {{Image}}, command: [sh, -c, "nslookup server >/dev/null && echo tested; exit 4"], depends_on: [server] }
            """);

        var result = await stack.RunAsync("up", "--exit-code-from", "test");

        Assert.That(result.ExitCode, Is.EqualTo(4), result.Both);
        Assert.That(result.Output, Does.Match(@"test[-_]1 *\| *tested"));
        Assert.That(await stack.ContainersAsync(running: true), Is.Empty);
    }

    [Test]
    public async Task Up_waits_until_all_are_healthy_when_asked_to()
    {
        OnlyGenerationTwo("--wait");
        var stack = await NewAsync("wait", $$"""
            services:
              slow: { image: {{Image}}, stop_grace_period: 0s, command: [sh, -c, "sleep 0.5; touch /ready; exec sleep 1000"], healthcheck: { test: [CMD, test, -e, /ready], interval: 100ms, retries: 100 } }
            """);

        await stack.OutputAsync("up", "--wait");

        Assert.That(await stack.InspectAsync("slow", "{{.State.Health.Status}}"), Is.EqualTo("healthy"));
    }

    [Test]
    public async Task Up_with_wait_fails_for_one_that_ends()
    {
        OnlyGenerationTwo("--wait");
        var stack = await NewAsync("waitfail", $$"""
            services:
              broken: { image: {{Image}}, command: ["false"] }
            """);

        Assert.That((await stack.RunAsync("up", "--wait")).ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task An_image_that_is_nowhere_is_told_and_leaves_no_container()
    {
        var stack = await NewAsync("nowhere", $$"""
            services:
              lost: { image: "127.0.0.1:9/no/such:image", pull_policy: never }
            """);

        var result = await stack.RunAsync("up", "-d");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Both, Does.Contain("no/such"));
        Assert.That(await stack.ContainersAsync(), Is.Empty);
    }

    [Test]
    public async Task An_image_that_is_there_is_not_pulled()
    {
        var stack = await NewAsync("there", $$"""
            services:
              a: { image: {{Image}}, pull_policy: if_not_present, command: ["true"] }
            """);

        Assert.That((await stack.RunAsync("up", "-d")).ExitCode, Is.Zero);
    }
}
