namespace Podsharp.Conformance.Tests;

public sealed class AttachTests : SdkTest
{
    [Test]
    public async Task Sees_what_comes_while_it_runs()
    {
        var container = await StartAsync("cat", Interactive);
        using var stream = await Client.AttachAsync(container, false, Everything());

        await WriteAsync(stream, "later\n");
        stream.CloseWrite();

        Assert.That(await ReadAsync(stream), Is.EqualTo(("later\n", "")));
    }

    [Test]
    public async Task Several_clients_see_the_same()
    {
        var container = await CreateAsync("echo out; echo err >&2");
        using var first = await Client.AttachAsync(container, false, Output());
        using var second = await Client.AttachAsync(container, false, Output());

        await Client.Containers.StartContainerAsync(container, new ContainerStartParameters());

        Assert.That(await ReadAsync(first), Is.EqualTo(("out\n", "err\n")));
        Assert.That(await ReadAsync(second), Is.EqualTo(("out\n", "err\n")));
    }

    [Test]
    public async Task Is_given_one_stream_alone()
    {
        var container = await CreateAsync("echo out; echo err >&2");
        using var stream = await Client.AttachAsync(container, false, new ContainerAttachParameters { Stream = true, Stderr = true });

        await Client.Containers.StartContainerAsync(container, new ContainerStartParameters());

        Assert.That(await ReadAsync(stream), Is.EqualTo(("", "err\n")));
    }

    [Test]
    public async Task Is_told_what_was_written_before()
    {
        var container = await StartAsync("echo early; cat", Interactive);
        await Eventually.SettleAsync(
            async () =>
            {
                using var log = await Client.LogsAsync(container, false, new ContainerLogsParameters { ShowStdout = true });
                return (await ReadAsync(log)).Output;
            },
            output => output.Length > 0);
        var parameters = Everything();
        parameters.Logs = Sdk.WithLogs;

        using var stream = await Client.AttachAsync(container, false, parameters);
        await WriteAsync(stream, "later\n");
        stream.CloseWrite();

        Assert.That((await ReadAsync(stream)).Output, Is.EqualTo("early\nlater\n"));
    }

    [Test]
    public async Task A_terminal_is_one_stream_and_takes_a_size()
    {
        var container = await StartAsync("read line; stty size; echo \"<$line>\"", parameters =>
        {
            Interactive(parameters);
            parameters.Tty = true;
        });
        using var stream = await Client.AttachAsync(container, true, Everything());
        await Client.Containers.ResizeContainerTtyAsync(container, new ContainerResizeParameters { Height = 33, Width = 77 }, CancellationToken.None);

        await WriteAsync(stream, "typed\n");

        Assert.That((await ReadAsync(stream)).Output, Does.Contain("33 77\r\n<typed>\r\n"));
    }

    [Test]
    public void To_an_unknown_container_is_a_typed_error()
    {
        Assert.That(() => Client.AttachAsync("no-such-container", false, Output()), Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").EqualTo(global::System.Net.HttpStatusCode.NotFound));
    }

    private static ContainerAttachParameters Output() => new() { Stream = true, Stdout = true, Stderr = true };

    private static ContainerAttachParameters Everything() => new() { Stream = true, Stdin = true, Stdout = true, Stderr = true };

    private static void Interactive(CreateContainerParameters parameters)
    {
        parameters.OpenStdin = true;
        parameters.StdinOnce = true;
        parameters.AttachStdin = true;
    }
}
