using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Registry.Configuration;
using Podsharp.Registry.Policy;

namespace Podsharp.Registry.Signatures;

/// <summary>A section of registries.d; null where it says nothing.</summary>
internal sealed record SignatureSection(Uri? Lookaside, bool? Attachments);

/// <summary>Where signatures lie, by scope (containers-registries.d(5)).</summary>
internal sealed class SignaturePlaces
{
    private const string DefaultKey = "default-docker";
    private const string ScopesKey = "docker";

    private readonly Dictionary<string, (SignatureSection Section, string File)> _scopes = [];
    private readonly Uri _builtIn;
    private (SignatureSection Section, string File)? _default;

    private SignaturePlaces(string store) => _builtIn = new Uri(new Uri("file:///"), store);

    /// <summary>InvalidInput with the file when one cannot be read or says a thing twice.</summary>
    public static SignaturePlaces Read(RegistryPlaces places)
    {
        var read = new SignaturePlaces(places.SignatureStore);
        if (places.SignatureConfigurations.FirstOrDefault(Directory.Exists) is not { } directory) return read;
        foreach (var file in Directory.GetFiles(directory, "*.yaml").Order(StringComparer.Ordinal)) read.Add(YamlFile.Read(file), file);
        return read;
    }

    /// <summary>An address of scheme file, http or https.</summary>
    public Uri LookasideOf(ImageReference name) => Sections(name).Select(static section => section.Lookaside).FirstOrDefault(static place => place is not null) ?? _builtIn;

    public bool UsesAttachments(ImageReference name) => Sections(name).Select(static section => section.Attachments).FirstOrDefault(static uses => uses is not null) ?? false;

    // A section that does not say leaves it to the next wider one, as the field's tools have it.
    private IEnumerable<SignatureSection> Sections(ImageReference name)
    {
        foreach (var scope in PolicyScopes.OfRemote(name))
        {
            if (_scopes.TryGetValue(scope, out var found)) yield return found.Section;
        }

        if (_default is { } fallback) yield return fallback.Section;
    }

    private void Add(IReadOnlyDictionary<string, object> content, string file)
    {
        foreach (var (key, value) in content)
        {
            switch (key)
            {
                case DefaultKey:
                    if (_default is { } former) throw Twice(DefaultKey, former.File, file);
                    _default = (Section(value, key, file), file);
                    break;
                case ScopesKey when value is IReadOnlyDictionary<string, object> scopes:
                    foreach (var (scope, section) in scopes)
                    {
                        if (!_scopes.TryAdd(scope, (Section(section, scope, file), file))) throw Twice(scope, _scopes[scope].File, file);
                    }

                    break;
                case ScopesKey when value is "":
                    break;
                default:
                    throw EngineException.InvalidInput($"{file}: unknown or misplaced key \"{key}\"");
            }
        }
    }

    private static SignatureSection Section(object value, string name, string file)
    {
        if (value is "") return new SignatureSection(null, null);
        if (value is not IReadOnlyDictionary<string, object> fields) throw EngineException.InvalidInput($"{file}: \"{name}\" wants keys and values");
        var section = new SignatureSection(null, null);
        foreach (var (key, field) in fields)
        {
            var text = field as string ?? throw EngineException.InvalidInput($"{file}: {key} of \"{name}\" wants one value");
            section = key switch
            {
                "lookaside" => section with { Lookaside = Address(text, name, file) },
                // Its old name, which counts where the new one isn't there.
                "sigstore" => fields.ContainsKey("lookaside") ? section : section with { Lookaside = Address(text, name, file) },
                "use-sigstore-attachments" => section with { Attachments = Flag(text, name, file) },
                // Where others write signatures.
                "lookaside-staging" or "sigstore-staging" => section,
                _ => throw EngineException.InvalidInput($"{file}: unknown key \"{key}\" of \"{name}\""),
            };
        }

        return section;
    }

    private static Uri? Address(string text, string name, string file) =>
        text.Length == 0 ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "file" or "http" or "https" ? address
        : throw EngineException.InvalidInput($"{file}: lookaside of \"{name}\" wants an address of file, http or https, not \"{text}\"");

    private static bool Flag(string text, string name, string file) =>
        bool.TryParse(text, out var flag) ? flag : throw EngineException.InvalidInput($"{file}: use-sigstore-attachments of \"{name}\" wants true or false, not \"{text}\"");

    private static EngineException Twice(string what, string one, string other) =>
        EngineException.InvalidInput($"\"{what}\" is defined both in {one} and in {other}");
}
