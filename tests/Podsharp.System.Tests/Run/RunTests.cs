namespace Podsharp.System.Tests.Run;

public sealed class RunTests : EngineTest
{
    [Test]
    public async Task Shows_the_output_of_the_container()
    {
        var result = await Docker.RunAsync("run", "--rm", Image, "sh", "-c", "echo out; echo err >&2");

        Assert.That(result, Is.EqualTo(new CommandResult(0, "out\n", "err\n")));
    }

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(255)]
    public async Task Ends_with_the_exit_code_of_the_container(int code)
    {
        var result = await Docker.RunAsync("run", "--rm", Image, "sh", "-c", $"exit {code}");

        Assert.That(result.ExitCode, Is.EqualTo(code));
    }

    [Test]
    public async Task Ends_with_128_and_the_signal_that_killed_the_container()
    {
        var result = await Docker.RunAsync("run", "--rm", "--init", Image, "sh", "-c", "kill -9 $$");

        Assert.That(result.ExitCode, Is.EqualTo(137));
    }

    [Test]
    public async Task Ends_with_125_when_the_container_cannot_be_created()
    {
        var result = await Docker.RunAsync("run", "--rm", "--network", "no-such-network", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
        Assert.That(result.Error, Does.Contain("no-such-network"));
    }

    [Test]
    public async Task Ends_with_126_when_the_command_is_not_executable()
    {
        var result = await Docker.RunAsync("run", "--rm", Image, "/etc/notes");

        Assert.That(result.ExitCode, Is.EqualTo(126), result.Error);
        Assert.That(result.Error.ToLowerInvariant(), Does.Contain("permission denied"));
    }

    [Test]
    public async Task Ends_with_127_when_the_command_is_not_found()
    {
        var result = await Docker.RunAsync("run", "--rm", Image, "no-such-command");

        Assert.That(result.ExitCode, Is.EqualTo(127), result.Error);
        Assert.That(result.Error, Does.Contain("no-such-command"));
    }

    [Test]
    public async Task Removes_the_container_whose_command_is_not_found()
    {
        var name = NewName();

        await Docker.RunAsync("run", "--rm", "--name", name, Image, "no-such-command");

        var left = await Eventually.SettleAsync(() => Docker.OutputAsync("ps", "-aq", "--filter", $"name={name}"), found => found.Length == 0);
        Assert.That(left, Is.Empty);
    }

    [Test]
    public async Task Removes_the_container_at_its_end_when_asked_to()
    {
        var name = NewName();

        await Docker.OutputAsync("run", "--rm", "--name", name, Image, "true");

        var left = await Eventually.SettleAsync(() => Docker.OutputAsync("ps", "-aq", "--filter", $"name={name}"), found => found.Length == 0);
        Assert.That(left, Is.Empty);
    }

    [Test]
    public async Task Keeps_the_container_otherwise()
    {
        var name = NewName();

        await Docker.RunAsync("run", "--name", name, Image, "sh", "-c", "exit 3");

        Assert.That(await Docker.InspectAsync(name, "{{.State.Status}} {{.State.ExitCode}}"), Is.EqualTo("exited 3"));
    }

    [Test]
    public async Task Refuses_a_name_in_use_with_125()
    {
        var name = await RunIdleAsync();

        var result = await Docker.RunAsync("run", "--name", name, Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
        Assert.That(result.Error, Does.Contain("is already in use"));
    }

    [Test]
    public async Task Passes_signals_of_the_client_on_to_the_container()
    {
        var name = NewName();
        await using var run = Docker.Start("run", "--rm", "--name", name, Image, "sh", "-c", "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.1; done");
        await run.ExpectOutputAsync("ready");

        await new Command("kill", "-INT", run.Pid.ToString()).OutputAsync();

        var result = await run.WaitAsync();
        Assert.That(result.Output, Is.EqualTo("ready\ncaught\n"));
        Assert.That(result.ExitCode, Is.EqualTo(5));
    }

    [Test]
    public async Task Uses_entrypoint_and_arguments_together()
    {
        var output = await Docker.OutputAsync("run", "--rm", "--entrypoint", "echo", Image, "one", "two words");

        Assert.That(output, Is.EqualTo("one two words"));
    }

    [Test]
    public async Task Writes_the_id_to_the_cidfile_of_a_detached_container()
    {
        var file = Path.Join(Path.GetTempPath(), Path.GetRandomFileName());
        var name = NewName();
        try
        {
            var id = await Docker.OutputAsync("run", "-d", "--name", name, "--cidfile", file, Image, "true");

            Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo(id));
            Assert.That(id, Does.Match("^[0-9a-f]{64}$"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
