namespace Podsharp.Testing.System;

/// <summary>The AOT binary under test: PODSHARP_SERVICE_BINARY, or one published from this tree, once in a process.</summary>
public static class ServiceBinary
{
    private static readonly Lazy<Task<string>> Published = new(FindAsync);

    public static Task<string> PathAsync() => Published.Value;

    private static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("PODSHARP_SERVICE_BINARY") is { Length: > 0 } named)
            return File.Exists(named) ? named : throw new FileNotFoundException("PODSHARP_SERVICE_BINARY names no file", named);
        var target = Directory.CreateTempSubdirectory("podsharp-service-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(target, recursive: true);
        await new Command(
            "dotnet", "publish", Path.Join(SourceRoot(), "src", "Podsharp.Service"), "-c", "Release", "-r", "linux-x64", "-o", target, "-v", "q", "-nologo")
        {
            Timeout = TimeSpan.FromMinutes(10),
        }.OutputAsync();
        return Path.Join(target, "podsharp-service");
    }

    public static string SourceRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Join(directory.FullName, "Podsharp.sln"))) return directory.FullName;
        throw new DirectoryNotFoundException("Podsharp.sln is nowhere above " + AppContext.BaseDirectory);
    }
}
