namespace Podsharp.System.Tests.Run;

public sealed class TerminalTests : EngineTest
{
    [Test]
    public async Task Run_it_has_the_window_size_of_the_terminal()
    {
        await using var terminal = Docker.Terminal(33, 111, "run", "--rm", "-it", Image, "sh");
        // The client sends the size after the start.
        terminal.Type("until [ \"$(stty size)\" != '0 0' ]; do :; done; sleep 0.2; stty size; exit 4\n");

        await terminal.ExpectAsync("33 111\r\n");
        Assert.That((await terminal.WaitAsync()).ExitCode, Is.EqualTo(4));
    }

    [Test]
    public async Task Exec_it_has_the_window_size_of_the_terminal()
    {
        var container = await RunIdleAsync();
        await using var terminal = Docker.Terminal(44, 122, "exec", "-it", container, "sh");
        terminal.Type("until [ \"$(stty size)\" != '0 0' ]; do :; done; sleep 0.2; stty size; exit 6\n");

        await terminal.ExpectAsync("44 122\r\n");
        Assert.That((await terminal.WaitAsync()).ExitCode, Is.EqualTo(6));
    }

    [Test]
    public async Task Resizing_the_terminal_resizes_the_containers()
    {
        await using var terminal = Docker.Terminal(24, 80, "run", "--rm", "-it", Image, "sh", "-c",
            "trap 'echo now $(stty size)' WINCH; echo ready; while :; do sleep 0.1; done");
        await terminal.ExpectAsync("ready");

        await ResizeUntilSeenAsync(terminal, 50, 130);
    }

    [Test]
    public async Task Resizing_the_terminal_resizes_the_exec_sessions()
    {
        var container = await RunIdleAsync();
        await using var terminal = Docker.Terminal(24, 80, "exec", "-it", container, "sh", "-c",
            "trap 'echo now $(stty size)' WINCH; echo ready; while :; do sleep 0.1; done");
        await terminal.ExpectAsync("ready");

        await ResizeUntilSeenAsync(terminal, 51, 131);
    }

    [Test]
    public async Task Interrupt_key_reaches_the_container()
    {
        await using var terminal = Docker.Terminal(24, 80, "run", "--rm", "-it", Image, "sh", "-c", "trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.1; done");
        await terminal.ExpectAsync("ready");

        terminal.Type("\u0003");

        var result = await terminal.WaitAsync();
        Assert.That(result.Output, Does.Contain("caught"));
        Assert.That(result.ExitCode, Is.EqualTo(3));
    }

    [Test]
    public async Task Detach_keys_leave_the_container_running()
    {
        var name = NewName();
        await using var terminal = Docker.Terminal(24, 80, "run", "-it", "--name", name, Image, "sh", "-c", "echo ready; cat");
        await terminal.ExpectAsync("ready");

        terminal.Type("\u0010\u0011");

        await terminal.WaitAsync();
        Assert.That(await StatusAsync(name), Is.EqualTo("running"));
    }

    [Test]
    public async Task Own_detach_keys_replace_the_usual_ones()
    {
        var name = NewName();
        await using var terminal = Docker.Terminal(24, 80, "run", "-it", "--detach-keys", "ctrl-x,x", "--name", name, Image, "sh", "-c", "echo ready; cat");
        await terminal.ExpectAsync("ready");

        terminal.Type("\u0018x");

        await terminal.WaitAsync();
        Assert.That(await StatusAsync(name), Is.EqualTo("running"));
    }

    [Test]
    public async Task Detach_keys_end_an_exec_client_but_not_the_session()
    {
        var container = await RunIdleAsync();
        await using var terminal = Docker.Terminal(24, 80, "exec", "-it", container, "sh", "-c", "echo ready; exec sleep 4321");
        await terminal.ExpectAsync("ready");

        terminal.Type("\u0010\u0011");

        await terminal.WaitAsync();
        Assert.That(await Docker.OutputAsync("exec", container, "ps", "-o", "args"), Does.Contain("sleep 4321"));
    }

    [Test]
    public async Task Attaching_again_reaches_the_same_terminal()
    {
        var name = NewName();
        await Docker.OutputAsync("run", "-dit", "--name", name, Image, "sh");
        await using var terminal = Docker.Terminal(24, 80, "attach", name);

        terminal.Type("echo sum $((40 + 2))\n");
        await terminal.ExpectAsync("sum 42");
        terminal.Type("exit 8\n");

        Assert.That((await terminal.WaitAsync()).ExitCode, Is.EqualTo(8));
    }

    [Test]
    public async Task Output_of_a_terminal_is_one_stream_with_carriage_returns()
    {
        var output = await Docker.OutputAsync("run", "--rm", "-t", Image, "sh", "-c", "echo out; echo err >&2; tty");

        Assert.That(output, Is.EqualTo("out\r\nerr\r\n/dev/pts/0\r"));
    }

    // The client listens for changes of size only a while after the container's first output.
    private static async Task ResizeUntilSeenAsync(Terminal terminal, int rows, int columns)
    {
        var seen = await Eventually.SettleAsync(
            () =>
            {
                terminal.Resize(rows, columns - 1);
                terminal.Resize(rows, columns);
                return terminal.Screen;
            },
            screen => screen.Contains($"now {rows} {columns}\r\n"));
        Assert.That(seen, Does.Contain($"now {rows} {columns}\r\n"));
    }
}
