namespace Podsharp.System.Tests.Containers;

public sealed class LogsTests : EngineTest
{
    [Test]
    public async Task Output_and_errors_come_apart_again()
    {
        var container = await RunToItsEndAsync("echo out; echo err >&2");

        Assert.That(await Docker.RunAsync("logs", container), Is.EqualTo(new CommandResult(0, "out\n", "err\n")));
    }

    [Test]
    public async Task A_last_line_without_an_end_is_kept_as_it_was()
    {
        var container = await RunToItsEndAsync("echo whole; printf half");

        Assert.That((await Docker.RunAsync("logs", container)).Output, Is.EqualTo("whole\nhalf"));
    }

    [Test]
    public async Task A_line_longer_than_any_buffer_is_kept_whole()
    {
        var container = await RunToItsEndAsync("dd if=/dev/zero bs=1000 count=200 2>/dev/null | tr '\\0' x; echo");

        Assert.That((await Docker.RunAsync("logs", container)).Output, Is.EqualTo(new string('x', 200_000) + "\n"));
    }

    [Test]
    public async Task Tail_gives_the_last_lines()
    {
        var container = await RunToItsEndAsync("seq 100");

        Assert.That(await Docker.LinesAsync("logs", "--tail", "3", container), Is.EqualTo(new[] { "98", "99", "100" }));
    }

    [TestCase("false")]
    [TestCase("true")]
    public async Task As_many_full_files_are_kept_as_were_asked_for(string compress)
    {
        // A record is 50 bytes: 80 lines to a file.
        var container = await RunDetachedAsync(
            "--network", "none", "--log-opt", "max-size=4k", "--log-opt", "max-file=3", "--log-opt", $"compress={compress}", Image,
            "sh", "-c", "for i in $(seq 1000 1399); do echo line $i; sleep 0.003; done");
        await using var following = Docker.Command("logs", "-f", container).Start();
        await Docker.OutputAsync("wait", container);

        var kept = await Docker.LinesAsync("logs", container);
        var last = await Docker.LinesAsync("logs", "--tail", "150", container);

        Assert.That(kept, Has.Length.InRange(160, 250).And.EqualTo(Enumerable.Range(1400 - kept.Length, kept.Length).Select(i => $"line {i}")));
        Assert.That(last, Is.EqualTo(kept[^150..]));
        Assert.That((await following.WaitAsync()).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(Enumerable.Range(1000, 400).Select(i => $"line {i}")));
    }

    [Test]
    public async Task Details_tell_what_the_log_options_name()
    {
        var container = await RunDetachedAsync(
            "--network", "none", "--label", "team=blue", "-e", "STAGE=test", "--log-opt", "labels=team", "--log-opt", "env=STAGE", Image, "echo", "hi");
        await Docker.OutputAsync("wait", container);

        Assert.That(await Docker.OutputAsync("logs", "--details", container), Is.EqualTo("STAGE=test,team=blue hi"));
    }

    [Test]
    public async Task Tail_0_gives_nothing()
    {
        var container = await RunToItsEndAsync("seq 100");

        Assert.That(await Docker.LinesAsync("logs", "--tail", "0", container), Is.Empty);
    }

    [Test]
    public async Task Timestamps_stand_before_each_line()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var container = await RunToItsEndAsync("echo a; echo b");

        var lines = await Docker.LinesAsync("logs", "-t", container);

        Assert.That(lines.Select(line => line.Split(' ')[1]), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(lines.Select(line => DateTimeOffset.Parse(line.Split(' ')[0])), Is.All.InRange(before, DateTimeOffset.UtcNow.AddSeconds(1)));
    }

    [Test]
    public async Task Since_and_until_cut_by_time()
    {
        var container = await RunToItsEndAsync("echo a; sleep 0.3; echo b; sleep 0.3; echo c");
        var times = (await Docker.LinesAsync("logs", "-t", container)).Select(line => line.Split(' ')[0]).ToArray();

        var since = await Docker.LinesAsync("logs", "--since", times[1], container);
        var between = await Docker.LinesAsync("logs", "--since", times[1], "--until", times[1], container);

        Assert.That(since, Is.EqualTo(new[] { "b", "c" }));
        Assert.That(between, Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task Follow_ends_when_a_chatty_container_ends()
    {
        var container = await RunDetachedAsync(Image, "sh", "-c", "seq 50000; sleep 1; seq 50001 100000");

        var lines = await Docker.LinesAsync("logs", "-f", container);

        Assert.That(lines, Has.Length.EqualTo(100_000));
        Assert.That(lines[^1], Is.EqualTo("100000"));
    }

    [Test]
    public async Task Follow_shows_lines_as_they_come()
    {
        var container = await RunDetachedAsync("-i", Image, "sh", "-c", "echo first; while [ ! -e /go ]; do sleep 0.05; done; echo second");
        await using var follow = Docker.Start("logs", "-f", container);
        await follow.ExpectOutputAsync("first\n");

        await Docker.TouchAsync(container, "/go");

        Assert.That((await follow.WaitAsync()).Output, Is.EqualTo("first\nsecond\n"));
    }

    [Test]
    public async Task Follow_of_an_ended_container_ends_at_once()
    {
        var container = await RunToItsEndAsync("echo done");

        Assert.That(await Docker.OutputAsync("logs", "-f", container), Is.EqualTo("done"));
    }

    [Test]
    public async Task Output_of_a_terminal_is_logged_too()
    {
        var container = NewName();
        await Docker.OutputAsync("run", "-t", "--name", container, Image, "echo", "on a terminal");

        Assert.That(await Docker.OutputAsync("logs", container), Is.EqualTo("on a terminal\r"));
    }

    [Test]
    public async Task A_restarted_container_keeps_its_earlier_log()
    {
        var container = await RunToItsEndAsync("echo again");

        await Docker.OutputAsync("start", "-a", container);

        Assert.That(await Docker.LinesAsync("logs", container), Is.EqualTo(new[] { "again", "again" }));
    }

    private async Task<string> RunToItsEndAsync(string script)
    {
        var name = NewName();
        await Docker.OutputAsync("run", "--name", name, "--network", "none", Image, "sh", "-c", script);
        return name;
    }
}
