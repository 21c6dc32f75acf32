using Podsharp.Core.Errors;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>The third part of a bind, "ro,z,rslave": at most one word of each sort.</summary>
internal sealed record BindOptionSet(bool ReadOnly, string Propagation, bool NoCopy, IReadOnlyList<string> Labels)
{
    public static BindOptionSet Parse(string mode)
    {
        var set = new BindOptionSet(false, "", false, []);
        if (mode.Length == 0) return set;
        var sorts = new HashSet<string>();
        foreach (var word in mode.Split(','))
        {
            var sort = SortOf(word, mode);
            if (!sorts.Add(sort)) throw Invalid(mode);
            set = sort switch
            {
                "access" => set with { ReadOnly = word is "ro" or "readonly" },
                "propagation" => set with { Propagation = word },
                "copy" => set with { NoCopy = word == "nocopy" },
                "label" => set with { Labels = [word] },
                _ => set,
            };
        }

        return set;
    }

    private static string SortOf(string word, string mode) => word switch
    {
        "ro" or "rw" or "readonly" => "access",
        "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" => "propagation",
        "nocopy" or "copy" => "copy",
        "z" or "Z" => "label",
        // Words for the file sharing of virtual machines; nothing here lies between host and container.
        "consistent" or "cached" or "delegated" or "default" => "consistency",
        "U" or "O" => throw EngineException.NotSupported($"mount option {word} (in \"{mode}\") is not supported by this engine"),
        _ => throw Invalid(mode),
    };

    private static EngineException Invalid(string mode) => EngineException.InvalidInput($"invalid mode: {mode}");
}
