using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Linux;
using Podsharp.Linux.Processes;
using Podsharp.Linux.Self;

namespace Podsharp.Service.Rootless;

/// <summary>
/// An ordinary user's service lives in a user and mount namespace that a small process of his, the holder, keeps: so each start
/// of the service finds the mounts of the one before.
/// </summary>
internal static class UserNamespace
{
    private const string Marker = "PODSHARP_USER_ID";

    /// <summary>The user whose namespace this process was put into by <see cref="Enter"/>; null for root's own service.</summary>
    public static uint? OwnerOfThisOne =>
        uint.TryParse(Environment.GetEnvironmentVariable(Marker), NumberStyles.None, CultureInfo.InvariantCulture, out var user) ? user : null;

    /// <summary>
    /// Becomes this same program inside the holder's namespaces. By execve and no fork, so that LISTEN_PID stays right; before any
    /// other thread matters. Does not return.
    /// </summary>
    public static void Enter(ReadOnlySpan<string> arguments)
    {
        var user = ThisProcess.EffectiveUserId;
        var self = Environment.ProcessPath ?? throw EngineException.Internal("/proc is not mounted: the service cannot find its own program");
        var nsenter = ExecutablePath.Find("nsenter") ?? throw Missing("nsenter", "util-linux");
        // The tools look for the user's systemd there.
        Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", RuntimeDirectory.Of(user));
        var holder = Holder.Ensure(Path.Join(RuntimeDirectory.Of(user), "podsharp"), user);

        Environment.SetEnvironmentVariable(Marker, user.ToString(CultureInfo.InvariantCulture));
        try
        {
            ThisProcess.Execute(
                nsenter,
                ["--user", "--mount", "--target", holder.ToString(CultureInfo.InvariantCulture), "--wd=/", "--", self, .. arguments],
                CurrentEnvironment());
        }
        catch (SystemCallException failure)
        {
            throw EngineException.Internal($"the user namespace cannot be entered: {failure.Message}", failure);
        }
    }

    internal static EngineException Missing(string program, string package) =>
        EngineException.NotSupported($"{program} is not installed, and a service of an ordinary user needs it: install {package}");

    private static List<string> CurrentEnvironment()
    {
        var all = new List<string>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables()) all.Add($"{entry.Key}={entry.Value}");
        return all;
    }
}
