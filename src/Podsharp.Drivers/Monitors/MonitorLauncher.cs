using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.Host;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Linux.Polling;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Monitors;

/// <summary>Starts conmon for one start of a container and waits until the runtime has created it.</summary>
internal sealed class MonitorLauncher(DriverOptions options, MonitorCommand command, MonitorPlace place)
{
    private const int LongestReply = 64 * 1024;
    private const int Kill = 9;

    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The bundle's directory is there, with its configuration, when this is called.</summary>
    public async Task<CreatedProcess> LaunchAsync(CreateProcessRequest request, Runtime runtime, Bundle bundle)
    {
        Prepare(request.Id, bundle);
        using var sync = Pipe.Create();
        using var start = options.SystemdCgroups ? Pipe.Create() : null;
        using var errors = MemoryFile.Create("conmon");

        var monitor = Start(command.For(request, runtime, bundle), sync, start, errors);
        sync.Writer.Dispose();
        try
        {
            if (start is not null)
            {
                await place.MoveAsync(monitor.Pid, request);
                FileHandles.Write(start.Writer, "x"u8);
            }

            var reply = await ReadReplyAsync(sync.Reader);
            if (reply is not { Data: > 0 }) throw Failure(request, bundle, reply, errors);
            return Created(reply.Data, monitor.Pid, bundle);
        }
        catch
        {
            await LeaveAsync(monitor);
            throw;
        }
    }

    private void Prepare(ContainerId id, Bundle bundle)
    {
        Directory.CreateDirectory(bundle.ExitDirectory);
        Directory.CreateDirectory(bundle.PersistDirectory);
        Directory.CreateDirectory(options.Paths.Container(id));
    }

    private static ChildProcess Start(Command command, Pipe sync, Pipe? start, SafeFileHandle errors)
    {
        List<(int, int)> descriptors =
        [
            ((int)errors.DangerousGetHandle(), 2),
            ((int)sync.Writer.DangerousGetHandle(), MonitorCommand.SyncDescriptor),
        ];
        if (start is not null) descriptors.Add(((int)start.Reader.DangerousGetHandle(), MonitorCommand.StartDescriptor));
        try
        {
            return ChildProcess.Start(command with { Descriptors = descriptors, Label = LabelReader.CarrierLabel });
        }
        catch (SystemCallException failure)
        {
            throw EngineException.Internal($"the container monitor does not start: {failure.Message}", failure);
        }
    }

    private static CreatedProcess Created(int pid, int monitorPid, Bundle bundle)
    {
        var startTime = ProcessStatus.Read(pid)?.StartTime ?? 0;
        var monitorStart = ProcessStatus.Read(monitorPid)?.StartTime ?? 0;
        File.WriteAllText(bundle.MonitorPidFile, string.Create(CultureInfo.InvariantCulture, $"{monitorPid} {monitorStart}"));
        if (startTime != 0) File.Copy($"/proc/{pid}/cgroup", bundle.ControlGroupFile);
        return new CreatedProcess(pid, startTime, monitorPid);
    }

    private static async Task<MonitorReply?> ReadReplyAsync(SafeFileHandle reader)
    {
        var readable = new AsyncSignal();
        using var pipe = new PolledDescriptor(new SafeFileHandle(reader.DangerousGetHandle(), ownsHandle: false), readable, null);
        using var timeout = new CancellationTokenSource(CreateTimeout);
        var buffer = new byte[LongestReply];
        var length = 0;
        try
        {
            while (length < buffer.Length)
            {
                switch (pipe.TryRead(buffer.AsSpan(length)))
                {
                    case null:
                        await readable.WaitAsync(timeout.Token);
                        break;
                    case 0:
                        return MonitorReply.Parse(buffer.AsSpan(0, length));
                    case { } count:
                        length += count;
                        if (buffer[length - 1] == '\n') return MonitorReply.Parse(buffer.AsSpan(0, length));
                        break;
                }
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            throw EngineException.Internal($"the OCI runtime did not create the container within {CreateTimeout.TotalSeconds} seconds");
        }
    }

    private static EngineException Failure(CreateProcessRequest request, Bundle bundle, MonitorReply? reply, SafeFileHandle errors)
    {
        var log = File.Exists(bundle.RuntimeLog) ? File.ReadAllBytes(bundle.RuntimeLog) : [];
        var text = RuntimeFailure.LastMessage(log)
            ?? (string.IsNullOrWhiteSpace(reply?.Message) ? null : reply.Message)
            ?? Encoding.UTF8.GetString(MemoryFile.ReadAll(errors));
        if (string.IsNullOrWhiteSpace(text)) text = "the container monitor (conmon) ended without a word";
        return RuntimeFailure.Of(text, request.Spec.Process.Args is [var command, ..] ? command : "");
    }

    private static async Task LeaveAsync(ChildProcess monitor)
    {
        try
        {
            await monitor.Exited.WaitAsync(LeaveTimeout);
        }
        catch (TimeoutException)
        {
            monitor.Signal(Kill);
            await monitor.Exited;
        }
    }
}
