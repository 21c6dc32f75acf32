namespace Podsharp.Conformance.Tests;

public sealed class ExecTests : SdkTest
{
    [Test]
    public async Task Splits_output_and_errors()
    {
        var container = await StartAsync("sleep 1000");
        var exec = await Client.CreateExecAsync(container, stdin: false, tty: false, "sh", "-c", "echo out; echo err >&2; exit 3");

        using var stream = await Client.StartExecAsync(exec, tty: false);

        Assert.That(await ReadAsync(stream), Is.EqualTo(("out\n", "err\n")));
        var inspected = await Client.Exec.InspectContainerExecAsync(exec);
        Assert.That(inspected.ExitCode, Is.EqualTo(3));
        Assert.That(inspected.Running, Is.False);
        Assert.That(inspected.ContainerID, Is.EqualTo(container));
    }

    [Test]
    public async Task Feeds_input_and_closes_it()
    {
        var container = await StartAsync("sleep 1000");
        var exec = await Client.CreateExecAsync(container, stdin: true, tty: false, "sh", "-c", "cat; echo ended");
        using var stream = await Client.StartExecAsync(exec, tty: false);

        await WriteAsync(stream, "through the SDK\n");
        stream.CloseWrite();

        Assert.That(await ReadAsync(stream), Is.EqualTo(("through the SDK\nended\n", "")));
    }

    [Test]
    public async Task Has_a_terminal_when_asked_for()
    {
        var container = await StartAsync("sleep 1000");
        var exec = await Client.CreateExecAsync(container, stdin: false, tty: true, "sh", "-c", "tty >/dev/null && echo terminal");

        using var stream = await Client.StartExecAsync(exec, tty: true);

        Assert.That((await ReadAsync(stream)).Output, Is.EqualTo("terminal\r\n"));
    }

    [Test]
    public void In_an_unknown_container_is_a_typed_error()
    {
        Assert.That(() => Client.CreateExecAsync("no-such-container", false, false, "true"), Throws.InstanceOf<DockerContainerNotFoundException>());
    }

    [Test]
    public async Task In_a_container_that_does_not_run_is_refused()
    {
        var container = await CreateAsync("true");

        Assert.That(() => Client.CreateExecAsync(container, false, false, "true"), Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").EqualTo(global::System.Net.HttpStatusCode.Conflict));
    }
}
