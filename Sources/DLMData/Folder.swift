#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Questions about folders.
enum Folder {
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  /// The names in `folder`, sorted; `nil` where it cannot be listed.
  static func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { _ = closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// At most three of `names` that `name` may be a slip for, the likeliest first.
  static func nearest(to name: String, among names: [String]) -> [String] {
    let limit = max(2, name.utf8.count / 3)
    return names.filter { abs($0.utf8.count - name.utf8.count) <= limit }
      .map { (distance(name.utf8, $0.utf8), $0) }
      .filter { $0.0 <= limit }
      .sorted { $0 < $1 }
      .prefix(3)
      .map(\.1)
  }

  /// Letters to insert, delete or exchange on the way from `a` to `b`: the rows of the table of
  /// Wagner and Fischer 1974, https://doi.org/10.1145/321796.321811.
  private static func distance(_ a: String.UTF8View, _ b: String.UTF8View) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let exchanged = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(exchanged, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
}
