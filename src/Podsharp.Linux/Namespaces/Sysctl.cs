using System.Text;

namespace Podsharp.Linux.Namespaces;

/// <summary>A sysctl that is not there, not of the network namespace, or does not take the value.</summary>
public sealed class SysctlException(string name, string value, string reason)
    : IOException($"cannot set sysctl {name}={value}: {reason}");

internal static class Sysctl
{
    /// <summary>Sets one of the calling thread's network namespace: /proc/sys/net shows that of the thread that looks it up.</summary>
    public static void Write(string name, string value)
    {
        if (!name.StartsWith("net.", StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal))
            throw new SysctlException(name, value, "it does not belong to a network namespace");

        try
        {
            using var file = File.OpenHandle("/proc/sys/" + name.Replace('.', '/'), FileMode.Open, FileAccess.Write);
            RandomAccess.Write(file, Encoding.UTF8.GetBytes(value), 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SysctlException(name, value, exception.Message);
        }
    }
}
