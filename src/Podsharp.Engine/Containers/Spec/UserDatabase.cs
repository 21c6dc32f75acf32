using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>Looks users and groups up in the container's own /etc/passwd and /etc/group (passwd(5), group(5)).</summary>
internal sealed class UserDatabase(IRootedFiles files)
{
    private const int MaximumFile = 4 << 20;

    /// <param name="user">"", name, uid, name:group, uid:gid …</param>
    /// <param name="additional">Names or numbers of further groups.</param>
    public UserIdentity Resolve(string root, string user, IReadOnlyList<string> additional)
    {
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        var (userText, groupText) = colon < 0 ? (user, "") : (user[..colon], user[(colon + 1)..]);
        if (userText.Length == 0) userText = "0";

        var accounts = new Lazy<List<string[]>>(() => Rows(files.ReadText(root, "/etc/passwd", MaximumFile), 7));
        var groups = new Lazy<List<string[]>>(() => Rows(files.ReadText(root, "/etc/group", MaximumFile), 4));

        var account = accounts.Value.Find(row => row[0] == userText) ?? accounts.Value.Find(row => row[2] == userText);
        uint groupId = 0;
        if (!(account is not null && TryId(account[2], out var userId) && TryId(account[3], out groupId)) && !TryId(userText, out userId))
            throw EngineException.InvalidInput($"unable to find user {userText}: no matching entries in passwd file");
        if (groupText.Length > 0) groupId = Group(groupText, groups.Value);

        // The kernel takes the main group from who changes it, unless it is among these (CVE-2022-36109).
        var more = new List<uint> { groupId };
        // Membership lists count only where no group was named.
        if (account is not null && groupText.Length == 0)
            more.AddRange(groups.Value.Where(row => row[3].Split(',').Contains(account[0]) && TryId(row[2], out _)).Select(static row => uint.Parse(row[2], CultureInfo.InvariantCulture)));
        more.AddRange(additional.Select(text => Group(text, groups.Value)));

        var home = account is { Length: > 5 } && account[5].Length > 0 ? account[5] : userId == 0 ? "/root" : "/";
        return new UserIdentity(userId, groupId, [.. more.Distinct()], home);
    }

    private static uint Group(string text, List<string[]> groups)
    {
        if (groups.Find(row => row[0] == text) is { } named && TryId(named[2], out var id)) return id;
        return TryId(text, out id) ? id : throw EngineException.InvalidInput($"Unable to find group {text}: no matching entries in group file");
    }

    private static List<string[]> Rows(string? text, int columns)
    {
        var rows = new List<string[]>();
        foreach (var line in (text ?? "").Split('\n'))
        {
            var row = line.TrimEnd('\r').Split(':');
            if (row.Length >= 3 && row[0].Length > 0 && row[0][0] != '#') rows.Add([.. row, .. Enumerable.Repeat("", Math.Max(0, columns - row.Length))]);
        }

        return rows;
    }

    private static bool TryId(string text, out uint id) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id <= int.MaxValue;
}
