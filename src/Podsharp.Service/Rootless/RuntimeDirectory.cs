namespace Podsharp.Service.Rootless;

/// <summary>The tmpfs directory of one user.</summary>
internal static class RuntimeDirectory
{
    public static string Of(uint userId)
    {
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } named) return named;
        var usual = $"/run/user/{userId}";
        return Directory.Exists(usual) ? usual : $"/tmp/podsharp-run-{userId}";
    }
}
