namespace Podsharp.System.Tests.Containers;

public sealed class ExecTests : EngineTest
{
    private const string Frame = "OCI runtime exec failed: exec failed: unable to start container process: ";

    [TestCase("nosuch", "exec: \"nosuch\": executable file not found in $PATH")]
    [TestCase("/etc/passwd", "exec: \"/etc/passwd\": permission denied")]
    public async Task A_program_that_cannot_be_run_is_told_in_the_stream(string program, string words)
    {
        var container = await RunIdleAsync();

        var result = await Docker.RunAsync("exec", container, program);

        // Older dockerds say 126 for what is not there, too.
        Assert.That(result.ExitCode, program == "nosuch" ? Is.EqualTo(127).Or.EqualTo(126) : Is.EqualTo(126));
        Assert.That(result.Output + result.Error, Does.Contain(Frame + words));
    }

    [TestCase("nosuch", "unable to find user nosuch: no matching entries in passwd file")]
    [TestCase("0:nosuch", "Unable to find group nosuch: no matching entries in group file")]
    public async Task A_user_that_is_not_there_is_told_in_the_stream(string user, string words)
    {
        var container = await RunIdleAsync();

        var result = await Docker.RunAsync("exec", "-u", user, container, "id");

        Assert.That(result.ExitCode, Is.EqualTo(126));
        Assert.That(result.Output + result.Error, Does.Contain(words));
    }

    [Test]
    public async Task A_detached_exec_that_cannot_be_run_fails_with_words()
    {
        var container = await RunIdleAsync();

        var result = await Docker.RunAsync("exec", "-d", container, "nosuch");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain(Frame));
    }

    [Test]
    public async Task Environment_directory_and_user_are_the_execs_own()
    {
        var container = await RunIdleAsync("-e", "A=1", "-e", "B=1");

        var said = await Docker.OutputAsync("exec", "-e", "B=2", "-w", "/tmp", "-u", "7:8", container, "sh", "-c", "echo $A $B $(pwd) $(id -u):$(id -g)");

        Assert.That(said, Is.EqualTo("1 2 /tmp 7:8"));
    }

    [TestCase("aux", "USER")]
    [TestCase("-eo pid,comm", "PID")]
    [TestCase("-C sleep", "PID")]
    public async Task Top_takes_the_arguments_of_ps(string arguments, string firstTitle)
    {
        var container = await RunIdleAsync();

        Assert.That(await Docker.OutputAsync(["top", container, .. arguments.Split(' ')]), Does.StartWith(firstTitle));
    }

    [TestCase("-o comm", "Couldn't find PID field in ps output")]
    [TestCase("-bogus", "unsupported")]
    public async Task Top_refuses_what_ps_refuses(string arguments, string words)
    {
        var container = await RunIdleAsync();

        var result = await Docker.RunAsync(["top", container, .. arguments.Split(' ')]);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain(words));
    }
}
