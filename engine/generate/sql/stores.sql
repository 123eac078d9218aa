-- stores: eleven shops; one with a floor area that is no number.
SELECT * FROM (VALUES
    ('S01', 'London Greenwich', 'London', 'London', '2014-03-01', '2400', 'yes'), ('S02', 'Brighton Marina', 'Brighton', 'South East', '2011-05-14', '1650', 'yes'),
    ('S03', 'Bristol Harbourside', 'Bristol', 'South West', '2009-04-04', '1900', 'yes'), ('S04', 'Norwich Riverside', 'Norwich', 'East of England', '2016-09-10', '1200', 'no'),
    ('S05', 'Birmingham Canal', 'Birmingham', 'West Midlands', '2013-10-19', '2100', 'no'), ('S06', 'Nottingham Lace Market', 'Nottingham', 'East Midlands', '2018-02-24', '980', 'no'),
    ('S07', 'Manchester Quays', 'Manchester', 'North West', '2012-06-30', '2250', 'yes'), ('S08', 'Leeds Dock', 'Leeds', 'Yorkshire', '2015-11-07', '1500', 'no'),
    ('S09', 'Newcastle Quayside', 'Newcastle', 'North East', '2019-05-25', '1100', 'no'), ('S10', 'Leith Shore', 'Edinburgh', 'Scotland', '2010-08-21', '1350', 'yes'),
    ('S11', 'Cardiff Bay', 'Cardiff', 'Wales', '2021-07-03', 'n/a', 'yes')
) AS t(store_id, name, city, region, opened_on, floor_area, cafe)
