using Microsoft.Win32.SafeHandles;
using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Signatures;

/// <summary>
/// gpgv(1): knows no keys but those it is given, starts no agent and needs no home directory. Keys and message are handed over in memory; what it found
/// comes as status lines (GnuPG's doc/DETAILS), for its exit code alone doesn't tell an expired key.
/// </summary>
public sealed class Gpgv : IOpenPgp
{
    private const string Program = "gpgv";
    private const int FirstDescriptor = 4;
    private const int StatusDescriptor = 3;
    private const string StatusPrefix = "[GNUPG:] ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<OpenPgpOutcome> OpenAsync(ReadOnlyMemory<byte> message, IReadOnlyList<ReadOnlyMemory<byte>> keyrings, CancellationToken cancellationToken)
    {
        if (ExecutablePath.Find(Program) is not { } path) throw EngineException.Internal("the policy wants an OpenPGP signature, and gpgv is not installed (package gpgv)");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var files = new List<SafeFileHandle>();
        try
        {
            using var status = MemoryFile.Create("status");
            foreach (var content in keyrings.Prepend(message)) files.Add(MemoryFile.Create("openpgp", content.Span));
            var result = await ProcessRunner.RunAsync(CommandFor(path, status, files), limit.Token);
            var lines = StatusOf(status);
            return WhyNot(lines, result.ExitCode) is { } failure ? new OpenPgpOutcome(default, failure) : new OpenPgpOutcome(result.Output, "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw EngineException.Internal($"gpgv did not end within {Patience.TotalSeconds} seconds");
        }
        catch (SystemCallException failure)
        {
            throw EngineException.Internal($"gpgv cannot be run: {failure.Message}", failure);
        }
        finally
        {
            foreach (var file in files) file.Dispose();
        }
    }

    private static Command CommandFor(string path, SafeFileHandle status, List<SafeFileHandle> files)
    {
        // Only names with a slash are not looked for in the home directory.
        var names = files.Select(static (_, at) => $"/proc/self/fd/{FirstDescriptor + at}").ToList();
        return new Command(
            path, ["--homedir", "/nonexistent", "--status-fd", $"{StatusDescriptor}", "--output", "-", .. names.Skip(1).SelectMany(static name => (string[])["--keyring", name]), "--", names[0]])
        {
            Descriptors =
            [
                ((int)status.DangerousGetHandle(), StatusDescriptor),
                .. files.Select(static (file, at) => ((int)file.DangerousGetHandle(), FirstDescriptor + at)),
            ],
        };
    }

    private static List<string[]> StatusOf(SafeFileHandle status) =>
    [
        .. global::System.Text.Encoding.UTF8.GetString(MemoryFile.ReadAll(status)).Split('\n')
            .Where(static line => line.StartsWith(StatusPrefix, StringComparison.Ordinal))
            .Select(static line => line[StatusPrefix.Length..].Split(' ')),
    ];

    /// <summary>Null when there is one text, and one signature of it by one of the keys, and both are good.</summary>
    private static string? WhyNot(List<string[]> lines, int exitCode)
    {
        int Count(string keyword) => lines.Count(line => line[0] == keyword);

        foreach (var line in lines)
        {
            var why = line[0] switch
            {
                "NO_PUBKEY" => $"it is by key {line.ElementAtOrDefault(1)}, which is none of those wanted",
                "BADSIG" => $"what was signed by key {line.ElementAtOrDefault(1)} has been changed",
                "EXPSIG" => "the signature has expired",
                "EXPKEYSIG" or "KEYEXPIRED" => "its key has expired",
                "REVKEYSIG" or "KEYREVOKED" => "its key has been revoked",
                "NODATA" or "UNEXPECTED" or "BADARMOR" => "it is no OpenPGP message",
                _ => null,
            };
            if (why is not null) return why;
        }

        if (Count("NEWSIG") > 1 || Count("PLAINTEXT") > 1) return "it holds more than one message or signature";
        return exitCode == 0 && Count("GOODSIG") == 1 && Count("VALIDSIG") == 1 && Count("PLAINTEXT") == 1 && Count("ERRSIG") == 0 ? null : "no good signature in it";
    }
}
