using System.Text.Json;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>
/// What "crun delete --force" does, without running it: the init is ended, control group and state directory are removed. Only where these are all
/// there is: control groups that systemd made and poststop hooks are left to crun.
/// </summary>
internal static class QuickRemoval
{
    private const int Kill = 9;

    /// <returns>False when the runtime must do it.</returns>
    public static async Task<bool> TryAsync(Runtime runtime, string stateDirectory, string? controlGroup, CancellationToken cancellationToken)
    {
        if (!runtime.IsCrun || runtime.SystemdCgroups || controlGroup is null) return false;
        if (HasHooks(stateDirectory) || ReadInit(stateDirectory) is not var (pid, startTime)) return false;

        using (var init = PidDescriptor.OpenExactly(pid, startTime))
        {
            if (init is not null) PidDescriptor.Signal(init, Kill);
        }

        await ControlGroupRemoval.RunAsync(controlGroup, cancellationToken);
        Directory.Delete(stateDirectory, recursive: true);
        return true;
    }

    private static bool HasHooks(string stateDirectory)
    {
        var configuration = Path.Join(stateDirectory, "config.json");
        return !File.Exists(configuration) || File.ReadAllBytes(configuration).AsSpan().IndexOf("\"hooks\""u8) >= 0;
    }

    private static (int Pid, long StartTime)? ReadInit(string stateDirectory)
    {
        var file = Path.Join(stateDirectory, "status");
        if (!File.Exists(file)) return null;
        try
        {
            using var status = JsonDocument.Parse(File.ReadAllBytes(file));
            return (status.RootElement.GetProperty("pid").GetInt32(), status.RootElement.GetProperty("process-start-time").GetInt64());
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
