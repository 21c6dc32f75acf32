using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.Host;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux.Processes;
using Podsharp.Linux.Terminals;

namespace Podsharp.Drivers.Execs;

/// <summary>
/// Runs the runtime's exec as our own child, in the foreground, its stdio the process' stdio: no monitor in between. The session does not
/// outlive the service, nor could anybody attach to it then.
/// </summary>
internal sealed class ExecLauncher(DriverOptions options, RuntimeChoice runtimes)
{
    private const int SpecDescriptor = 3;
    private const int LogDescriptor = 4;
    private const int Kill = 9;
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(2);

    public async Task<IExecProcess> LaunchAsync(ExecProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var runtime = runtimes.Of(request.Container.Id);
        var terminal = request.Process.Terminal && !request.Detached;
        using var console = terminal && runtime.IsCrun ? new ConsoleSocket(options.Paths, request.SessionId) : null;
        using var specification = MemoryFile.Create(
            "process", JsonSerializer.SerializeToUtf8Bytes(request.Process with { Terminal = terminal }, RuntimeJson.Default.RuntimeProcess));
        using var pidReport = PidReport.For(runtime, options.Paths, request);
        var log = MemoryFile.Create("log");
        StdioPipes? pipes = null;
        (SafeFileHandle Master, SafeFileHandle Slave)? pty = null;
        try
        {
            if (terminal && console is null) pty = PseudoTerminal.Open();
            if (!terminal && !request.Detached) pipes = PipesFor(request);

            var child = ChildProcess.Start(CommandFor(request.Container.Id, runtime, console, pidReport) with
            {
                NewSession = pty is not null,
                Descriptors =
                [
                    ((int)specification.DangerousGetHandle(), SpecDescriptor),
                    ((int)log.DangerousGetHandle(), LogDescriptor),
                    .. pidReport.Descriptors,
                    .. pipes?.Descriptors ?? [],
                    .. Terminal(pty?.Slave),
                ],
            });
            pty?.Slave.Dispose();
            var ends = pipes?.Keep() ?? (pty is { } pair ? new StdioEnds(pair.Master, null, null, Terminal: true) : null);
            return await StartedAsync(request, child, ends, console, pidReport, log, pty is not null);
        }
        catch
        {
            log.Dispose();
            pipes?.Dispose();
            pty?.Master.Dispose();
            pty?.Slave.Dispose();
            throw;
        }
    }

    private StdioPipes PipesFor(ExecProcessRequest request)
    {
        // Unnamed ones have the service's label, and its categories where it has some.
        var isLabelled = request.Process.SelinuxLabel is not null && LabelReader.CarrierLabel.Length > 0;
        var place = Path.Join(options.Paths.RunContainer(request.Container.Id), $"exec-{request.SessionId.Short}.pipe");
        return new StdioPipes(request.OpenStdin, place, isLabelled ? request.Container.MountLabel : "");
    }

    private static Command CommandFor(ContainerId id, Runtime runtime, ConsoleSocket? console, PidReport pidReport)
    {
        List<string> arguments = ["exec", "--process", $"/proc/self/fd/{SpecDescriptor}", "--pid-file", pidReport.Path];
        if (console is not null) arguments.AddRange(["--console-socket", console.SocketPath]);
        arguments.Add(id.ToString());
        return runtime.Command($"/proc/self/fd/{LogDescriptor}", [.. arguments]);
    }

    private static async Task<IExecProcess> StartedAsync(
        ExecProcessRequest request, ChildProcess child, StdioEnds? ends, ConsoleSocket? console, PidReport pidReport, SafeFileHandle log, bool runtimeTerminal)
    {
        using var ended = new CancellationTokenSource();
        var master = console?.ReceiveAsync(ended.Token);
        var pid = await pidReport.ReadAsync(child);
        if (pid is null)
        {
            await ended.CancelAsync();
            if (master is not null) await DiscardAsync(master);
            throw Failure(request, await child.Exited, log);
        }

        try
        {
            if (master is not null) ends = new StdioEnds(await FirstOf(master, child, ended), null, null, Terminal: true);
        }
        catch
        {
            child.Signal(Kill);
            throw;
        }

        var exited = ExitCodeAsync(child, log);
        return new ExecProcess(
            pid.Value, ends is null ? null : PipeStdio.Over(ends, child.Exited), ends is { Terminal: true }, runtimeTerminal, child, exited);
    }

    private static async Task<SafeFileHandle> FirstOf(Task<SafeFileHandle> master, ChildProcess child, CancellationTokenSource ended)
    {
        if (await Task.WhenAny(master, child.Exited) == master) return await master;
        // A command that is short ends while its terminal still lies in the socket.
        ended.CancelAfter(HandOver);
        try
        {
            return await master;
        }
        catch (OperationCanceledException)
        {
            throw EngineException.Internal("the OCI runtime ended before it handed over the terminal");
        }
    }

    private static async Task DiscardAsync(Task<SafeFileHandle> master)
    {
        try
        {
            (await master).Dispose();
        }
        catch (OperationCanceledException)
        {
            // The runtime failed before it made a terminal.
        }
    }

    // The runtime may still fail at execve itself, after it has told the pid; its own exit code says nothing then.
    private static async Task<int> ExitCodeAsync(ChildProcess child, SafeFileHandle log)
    {
        using (log)
        {
            var code = await child.Exited;
            return code != 0 && RuntimeFailure.LastMessage(MemoryFile.ReadAll(log)) is { } message
                ? RuntimeFailure.ExitCode(message, code)
                : code;
        }
    }

    private static EngineException Failure(ExecProcessRequest request, int code, SafeFileHandle log)
    {
        var content = MemoryFile.ReadAll(log);
        var text = RuntimeFailure.LastMessage(content) ?? Encoding.UTF8.GetString(content);
        if (string.IsNullOrWhiteSpace(text)) text = $"the OCI runtime failed with exit code {code}";
        return RuntimeFailure.OfExec(text, request.Process.Args is [var command, ..] ? command : "");
    }

    private static IEnumerable<(int Own, int Child)> Terminal(SafeFileHandle? slave)
    {
        if (slave is null) yield break;
        for (var child = 0; child < 3; child++) yield return ((int)slave.DangerousGetHandle(), child);
    }
}
