namespace Podsharp.Conformance.Tests;

public sealed class ContainersTests : SdkTest
{
    [Test]
    public async Task Runs_a_container_to_its_exit_code()
    {
        var container = await StartAsync("exit 7");

        var ended = await Client.Containers.WaitContainerAsync(container);

        Assert.That(ended.StatusCode, Is.EqualTo(7));
    }

    [Test]
    public async Task Starting_a_running_container_changes_nothing()
    {
        var container = await StartAsync("sleep 1000");

        Assert.That(await Client.Containers.StartContainerAsync(container, new ContainerStartParameters()), Is.False);
    }

    [Test]
    public async Task On_the_host_s_network_a_container_has_the_host_s_name()
    {
        var container = await CreateAsync("true", parameters => parameters.HostConfig.NetworkMode = "host");

        Assert.That((await Client.Containers.InspectContainerAsync(container)).Config.Hostname, Is.EqualTo(Environment.MachineName));
    }

    [Test]
    public async Task Attaches_before_the_start_and_sees_everything()
    {
        var container = await CreateAsync("echo out; echo err >&2");
        using var stream = await Client.AttachAsync(container, false, new ContainerAttachParameters { Stream = true, Stdout = true, Stderr = true });

        await Client.Containers.StartContainerAsync(container, new ContainerStartParameters());

        Assert.That(await ReadAsync(stream), Is.EqualTo(("out\n", "err\n")));
    }

    [Test]
    public async Task Feeds_input_and_closes_it()
    {
        var container = await CreateAsync("cat; echo ended", parameters =>
        {
            parameters.OpenStdin = true;
            parameters.StdinOnce = true;
            parameters.AttachStdin = true;
        });
        using var stream = await Client.AttachAsync(container, false, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true });
        await Client.Containers.StartContainerAsync(container, new ContainerStartParameters());

        await WriteAsync(stream, "through the SDK\n");
        stream.CloseWrite();

        Assert.That(await ReadAsync(stream), Is.EqualTo(("through the SDK\nended\n", "")));
    }

    [Test]
    public async Task Reads_the_log_of_an_ended_container()
    {
        var container = await StartAsync("echo out; echo err >&2");
        await Client.Containers.WaitContainerAsync(container);

        using var stream = await Client.LogsAsync(container, false, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true });

        Assert.That(await ReadAsync(stream), Is.EqualTo(("out\n", "err\n")));
    }

    [Test]
    public async Task Follows_the_log_to_the_end_of_the_container()
    {
        var container = await StartAsync("for i in 1 2 3 4 5; do echo $i; sleep 0.1; done");

        using var stream = await Client.LogsAsync(container, false, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Follow = true });

        Assert.That((await ReadAsync(stream)).Output, Is.EqualTo("1\n2\n3\n4\n5\n"));
    }

    [Test]
    public async Task Reads_the_log_of_a_terminal()
    {
        var container = await StartAsync("echo on a terminal", parameters => parameters.Tty = true);
        await Client.Containers.WaitContainerAsync(container);

        using var stream = await Client.LogsAsync(container, true, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true });

        Assert.That((await ReadAsync(stream)).Output, Is.EqualTo("on a terminal\r\n"));
    }

    [Test]
    public async Task Inspects_what_was_asked_for()
    {
        var container = await StartAsync("sleep 1000", parameters =>
        {
            parameters.Hostname = "box";
            parameters.Env = ["A=b"];
            parameters.Labels = new Dictionary<string, string> { ["mine"] = "yes" };
            parameters.HostConfig.Memory = 64 << 20;
        });

        var inspected = await Client.Containers.InspectContainerAsync(container);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(inspected.ID, Is.EqualTo(container));
            Assert.That(inspected.State.Running, Is.True);
            Assert.That(inspected.State.Pid, Is.Positive);
            Assert.That(inspected.Config.Hostname, Is.EqualTo("box"));
            Assert.That(inspected.Config.Env, Does.Contain("A=b"));
            Assert.That(inspected.Config.Labels["mine"], Is.EqualTo("yes"));
            Assert.That(inspected.HostConfig.Memory, Is.EqualTo(64 << 20));
            Assert.That(inspected.HostConfig.NetworkMode, Is.EqualTo("none"));
        }
    }

    [Test]
    public async Task Lists_by_label()
    {
        var label = $"list={Guid.NewGuid():N}";
        var container = await StartAsync("sleep 1000", parameters => parameters.Labels = new Dictionary<string, string> { ["list"] = label[5..] });

        var listed = await Client.Containers.ListContainersAsync(new ContainersListParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [label] = true } },
        });

        Assert.That(listed.Select(one => one.ID), Is.EqualTo(new[] { container }));
        Assert.That(listed[0].Image, Is.EqualTo(Image));
        Assert.That(listed[0].State, Is.EqualTo("running"));
    }

    [Test]
    public async Task Stops_kills_pauses_renames_and_restarts()
    {
        var container = await StartAsync("trap 'exit 9' TERM; while :; do sleep 0.1; done");
        await Client.Containers.PauseContainerAsync(container);
        await Client.Containers.UnpauseContainerAsync(container);
        await Client.Containers.RestartContainerAsync(container, new ContainerRestartParameters { WaitBeforeKillSeconds = 5 });
        await Client.Containers.RenameContainerAsync(container, new ContainerRenameParameters { NewName = "sdk-" + container[..8] }, CancellationToken.None);
        Assert.That(await Client.Containers.StopContainerAsync(container, new ContainerStopParameters { WaitBeforeKillSeconds = 5 }), Is.True);
        Assert.That(await Client.Containers.StopContainerAsync(container, new ContainerStopParameters()), Is.False);
        await Client.Containers.StartContainerAsync(container, new ContainerStartParameters());

        await Client.Containers.KillContainerAsync(container, new ContainerKillParameters { Signal = "KILL" });

        Assert.That((await Client.Containers.WaitContainerAsync(container)).StatusCode, Is.EqualTo(137));
        Assert.That((await Client.Containers.InspectContainerAsync(container)).Name, Is.EqualTo("/sdk-" + container[..8]));
    }

    [Test]
    public async Task Lists_processes()
    {
        var container = await StartAsync("exec sleep 4242");

        var processes = await Client.Containers.ListProcessesAsync(container, new ContainerListProcessesParameters());

        Assert.That(processes.Processes.Single(), Has.Some.Contains("sleep 4242"));
    }

    [Test]
    public async Task Publishes_a_port()
    {
        var container = await StartAsync("exec httpd -f -p 80 -h /www", parameters =>
        {
            parameters.ExposedPorts = new Dictionary<string, EmptyStruct> { ["80/tcp"] = default };
            parameters.HostConfig = new HostConfig
            {
                PortBindings = new Dictionary<string, IList<PortBinding>> { ["80/tcp"] = [new PortBinding { HostIP = "127.0.0.1", HostPort = "" }] },
            };
        });

        var inspected = await Client.Containers.InspectContainerAsync(container);
        var port = inspected.NetworkSettings.Ports["80/tcp"].Single().HostPort;

        var page = await Eventually.SettleAsync(() => SdkEngine.Engine.OnHost("curl", "-s", "-m", "2", $"http://127.0.0.1:{port}/").RunAsync(), result => result.ExitCode == 0);
        Assert.That(page.Output, Is.EqualTo("served\n"));
    }

    [Test]
    public void An_unknown_container_is_a_typed_error()
    {
        Assert.That(() => Client.Containers.InspectContainerAsync("no-such-container"), Throws.InstanceOf<DockerContainerNotFoundException>());
    }

    [Test]
    public void An_unknown_image_is_a_typed_error()
    {
        Assert.That(() => CreateAsync("true", parameters => parameters.Image = "no-such-image"), Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").EqualTo(global::System.Net.HttpStatusCode.NotFound));
    }
}
